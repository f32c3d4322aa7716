# Installs the command, and the library for find_package(Weir): targets weir::core ... weir::train,
# headers under include/weir with the folders of the source tree.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(WEIR_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/Weir)

foreach(library core layers models datasets train)
  if(TARGET weir_${library})
    install(TARGETS weir_${library} EXPORT WeirTargets)
  endif()
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${library} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir
    FILES_MATCHING PATTERN "*.h")
endforeach()
if(TARGET weir_core)
  install(EXPORT WeirTargets NAMESPACE weir:: DESTINATION ${WEIR_PACKAGE_FOLDER})
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/WeirConfig.cmake.in
  ${PROJECT_BINARY_DIR}/WeirConfig.cmake INSTALL_DESTINATION ${WEIR_PACKAGE_FOLDER})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WeirConfig.cmake ${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
  DESTINATION ${WEIR_PACKAGE_FOLDER})

if(TARGET weir)
  install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs DESTINATION ${CMAKE_INSTALL_DATADIR}/weir)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
