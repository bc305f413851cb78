# SPDX-License-Identifier: GPL-3.0-or-later
# Installation: program, library, public header, pkg-config file, CMake package, scenarios, documents; and a .deb.
include(CMakePackageConfigHelpers)

install(TARGETS poolcast_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS poolcast EXPORT poolcastTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES src/poolcast.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/poolcast)
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/poolcast)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT poolcastTargets NAMESPACE poolcast:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/poolcast)
configure_package_config_file(cmake/poolcastConfig.cmake.in ${CMAKE_BINARY_DIR}/poolcastConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/poolcast)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/poolcastConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/poolcastConfig.cmake ${CMAKE_BINARY_DIR}/poolcastConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/poolcast)
configure_file(cmake/poolcast.pc.in ${CMAKE_BINARY_DIR}/poolcast.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/poolcast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME poolcast)
set(CPACK_PACKAGE_CONTACT "poolcast maintainers")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
include(CPack)
