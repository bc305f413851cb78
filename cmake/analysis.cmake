# SPDX-License-Identifier: GPL-3.0-or-later
# Static analysis of all but the tests: cmake --build build/release --target cppcheck, or clang-tidy (.clang-tidy says
# what it looks at). Neither is needed to build.
find_program(CPPCHECK cppcheck)
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
if(CPPCHECK)
  set(cppcheck_words --project=${CMAKE_BINARY_DIR}/compile_commands.json --enable=warning,performance,portability
    --inline-suppr --suppressions-list=${PROJECT_SOURCE_DIR}/cmake/cppcheck.txt -i${CMAKE_BINARY_DIR}
    -i${PROJECT_SOURCE_DIR}/tests -j2 -q --error-exitcode=1)
  add_custom_target(cppcheck COMMAND ${CPPCHECK} ${cppcheck_words} VERBATIM USES_TERMINAL)
  if(BUILD_TESTING AND NOT POOLCAST_SANITIZE)
    add_test(NAME analysis.cppcheck COMMAND ${CPPCHECK} ${cppcheck_words})
    set_tests_properties(analysis.cppcheck PROPERTIES LABELS analysis TIMEOUT 600)
  endif()
endif()
if(RUN_CLANG_TIDY)
  set(tidy_words -quiet -j2 -p ${CMAKE_BINARY_DIR} ^${PROJECT_SOURCE_DIR}/\(src|models|bench\)/)
  add_custom_target(clang-tidy COMMAND ${RUN_CLANG_TIDY} ${tidy_words} VERBATIM USES_TERMINAL)
  if(BUILD_TESTING AND NOT POOLCAST_SANITIZE)
    add_test(NAME analysis.clang_tidy COMMAND ${RUN_CLANG_TIDY} ${tidy_words})
    set_tests_properties(analysis.clang_tidy PROPERTIES LABELS analysis TIMEOUT 600 PROCESSORS 2)
  endif()
endif()
