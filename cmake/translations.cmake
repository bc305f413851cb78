# SPDX-License-Identifier: GPL-3.0-or-later
# Catalogues: po/LANGUAGE.po is compiled into BUILD/po/LANGUAGE/LC_MESSAGES/poolcast.mo, where the program of the build
# tree looks, and installed into the usual place. msgfmt checks that a translation's printf arguments fit.
set(pc_languages zh_CN)
set(pc_catalogues "")
foreach(language IN LISTS pc_languages)
  set(pc_folder ${PROJECT_BINARY_DIR}/po/${language}/LC_MESSAGES)
  file(MAKE_DIRECTORY ${pc_folder})
  add_custom_command(OUTPUT ${pc_folder}/poolcast.mo
    COMMAND ${MSGFMT} --check -o ${pc_folder}/poolcast.mo ${PROJECT_SOURCE_DIR}/po/${language}.po
    DEPENDS ${PROJECT_SOURCE_DIR}/po/${language}.po COMMENT "Compiling the catalogue ${language}" VERBATIM)
  list(APPEND pc_catalogues ${pc_folder}/poolcast.mo)
  install(FILES ${pc_folder}/poolcast.mo DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/${language}/LC_MESSAGES)
endforeach()
add_custom_target(poolcast_catalogues ALL DEPENDS ${pc_catalogues})

# `cmake --build build/release --target update-po` extracts the texts of the sources into po/poolcast.pot (not kept under
# version control) and merges new ones into the catalogues, to be translated by a person.
add_custom_target(update-po
  COMMAND ${PROJECT_SOURCE_DIR}/po/extract ${PROJECT_BINARY_DIR}/poolcast.pot
  COMMAND ${PROJECT_SOURCE_DIR}/po/merge ${PROJECT_BINARY_DIR}/poolcast.pot ${pc_languages}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
