# Installs the command, and the library for find_package(Weir): targets weir::core ... weir::train,
# headers under include/weir with the folders of the source tree.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(WEIR_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/Weir)

foreach(library runtime core layers models conformance datasets config train compare explain)
  install(TARGETS weir_${library} EXPORT WeirTargets)
endforeach()
foreach(folder core layers models conformance datasets train compare explain)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir
    FILES_MATCHING PATTERN "*.h")
endforeach()
install(EXPORT WeirTargets NAMESPACE weir:: DESTINATION ${WEIR_PACKAGE_FOLDER})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/WeirConfig.cmake.in
  ${PROJECT_BINARY_DIR}/WeirConfig.cmake INSTALL_DESTINATION ${WEIR_PACKAGE_FOLDER})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WeirConfig.cmake ${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
  DESTINATION ${WEIR_PACKAGE_FOLDER})

install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/weir)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/conformance/cases/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/weir/conformance)
install(FILES ${PROJECT_SOURCE_DIR}/conformance/README.md
  DESTINATION ${CMAKE_INSTALL_DATADIR}/weir/conformance)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
