# SPDX-License-Identifier: GPL-3.0-or-later
# Installation: program, man page, completion, library, public header, pkg-config file, CMake package, scenarios,
# documents; and a .deb by `cpack -G DEB`.
include(CMakePackageConfigHelpers)

# The program knows its commands; man page and completion are asked from it and so never lag behind.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/poolcast.1
  COMMAND poolcast_program help --man > ${CMAKE_BINARY_DIR}/poolcast.1
  DEPENDS poolcast_program COMMENT "Writing the man page" VERBATIM)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/poolcast.bash
  COMMAND poolcast_program help --completion bash > ${CMAKE_BINARY_DIR}/poolcast.bash
  DEPENDS poolcast_program COMMENT "Writing the completion for bash" VERBATIM)
add_custom_target(poolcast_documents ALL DEPENDS ${CMAKE_BINARY_DIR}/poolcast.1 ${CMAKE_BINARY_DIR}/poolcast.bash)

install(TARGETS poolcast_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS poolcast EXPORT poolcastTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES src/poolcast.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/poolcast)
install(FILES ${CMAKE_BINARY_DIR}/poolcast.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/poolcast.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME poolcast)
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/poolcast
  PATTERN "*.h5" EXCLUDE PATTERN ".*" EXCLUDE)
install(FILES README.md README.zh-CN.md CHANGELOG.md CONTRIBUTING.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
  FILES_MATCHING PATTERN "*.md" PATTERN "*.c" PATTERN "*.svg" PATTERN "*.png" PATTERN "*.py" PATTERN "*.R")

# CMake package: find_package(poolcast), target poolcast::poolcast.
set(pc_shared ${BUILD_SHARED_LIBS})
if(NOT pc_shared)
  set(pc_shared OFF)
endif()
if(pc_shared) # the program finds the library beside itself, wherever the package lies
  file(RELATIVE_PATH pc_lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(poolcast_program PROPERTIES INSTALL_RPATH "$ORIGIN/${pc_lib_from_bin}")
endif()
set(pc_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/poolcast)
install(EXPORT poolcastTargets NAMESPACE poolcast:: DESTINATION ${pc_package_dir})
configure_package_config_file(cmake/poolcastConfig.cmake.in ${CMAKE_BINARY_DIR}/poolcastConfig.cmake
  INSTALL_DESTINATION ${pc_package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/poolcastConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/poolcastConfig.cmake ${CMAKE_BINARY_DIR}/poolcastConfigVersion.cmake
  DESTINATION ${pc_package_dir})

# pkg-config. With a static library alone, what it needs must be linked with or without --static.
set(pc_libs "")
set(pc_libs_private "")
set(pc_requires "")
set(pc_requires_private "")
set(pc_needs_modules " gsl ${HDF5_MODULE_NAME} yaml-0.1 smartcols xlsxwriter zlib pangocairo")
set(pc_mpi_libs)
if(POOLCAST_MPI)
  set(pc_mpi_libs ${MPI_C_LIBRARIES})
endif()
string(JOIN " " pc_needs_libs "" -lm ${OpenMP_C_FLAGS} ${Intl_LIBRARIES} ${pc_mpi_libs})
if(pc_shared)
  set(pc_libs_private "${pc_needs_libs}")
  set(pc_requires_private "${pc_needs_modules}")
else()
  set(pc_libs "${pc_needs_libs}")
  set(pc_requires "${pc_needs_modules}")
endif()
file(RELATIVE_PATH pc_prefix_from_here ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/poolcast.pc.in ${CMAKE_BINARY_DIR}/poolcast.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/poolcast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# One Debian package holds program and library; it needs only what the program needs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME poolcast)
set(CPACK_PACKAGE_VENDOR "the poolcast authors")
set(CPACK_PACKAGE_CONTACT "poolcast maintainers <maintainers@poolcast.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Monte Carlo solvency forecaster for pooled health-insurance funds")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Forecasts by Monte Carlo when health-insurance funds run out of money, each region
alone, with an adjustment fund or as one pool, on the same paths of people and economy.
 .
Contains the program, scenarios of Chinese medical insurance (Zhejiang's cities, the
nation's provinces) and a static C library. Linking the library needs the suggested
development packages.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "pkg-config, gcc, libgsl-dev, libhdf5-dev, libyaml-dev, libsmartcols-dev, libxlsxwriter-dev, libpango1.0-dev, python3-xarray")
include(CPack)
