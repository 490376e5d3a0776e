# librecommend: recommend.h over the engine, shared and static, with what others need to build against it; and the extension for SQLite.

add_library(rec_library OBJECT library.c library_options.c library_answer.c)
target_compile_definitions(rec_library PRIVATE REC_VERSION="${PROJECT_VERSION}")
target_link_libraries(rec_library PUBLIC rec::engine rec::models rec::base PRIVATE PkgConfig::jansson)

# ---- shared --------------------------------------------------------------------------------------------------------

add_library(librecommend SHARED)
target_link_libraries(librecommend PRIVATE rec_library)
target_link_options(librecommend PRIVATE LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/librecommend.map)
set_target_properties(librecommend PROPERTIES
  PREFIX "" OUTPUT_NAME librecommend EXPORT_NAME recommend LIBRARY_OUTPUT_DIRECTORY ${REC_LIB_DIR} LINKER_LANGUAGE C
  VERSION ${PROJECT_VERSION} SOVERSION 0
  LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/librecommend.map)
target_include_directories(librecommend INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# ---- static --------------------------------------------------------------------------------------------------------

# All of it as one object, in which whatever is not public is local: an archive of the layers would offer its users several hundred names.
set(archive ${REC_LIB_DIR}/librecommend.a)
set(object ${CMAKE_CURRENT_BINARY_DIR}/librecommend.o)
add_custom_command(OUTPUT ${archive}
  COMMAND ${CMAKE_LINKER} -r -o ${object} $<TARGET_OBJECTS:rec_library>
    --whole-archive $<TARGET_FILE:rec_engine> $<TARGET_FILE:rec_models> $<TARGET_FILE:rec_base>
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=recommend_* ${object}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
  COMMAND ${CMAKE_AR} rcsD ${archive} ${object}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${object}
  DEPENDS rec_library $<TARGET_OBJECTS:rec_library> rec_engine rec_models rec_base
  COMMENT "Making librecommend.a" COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(librecommend_static ALL DEPENDS ${archive})

# ---- for those who build against it -------------------------------------------------------------------------------------

include(CMakePackageConfigHelpers)
set(cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/recommend)
configure_package_config_file(recommendConfig.cmake.in recommendConfig.cmake
  INSTALL_DESTINATION ${cmake_folder} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
# A release before 1.0 may take something away: it stands for itself.
write_basic_package_version_file(recommendConfigVersion.cmake COMPATIBILITY SameMinorVersion)

file(RELATIVE_PATH REC_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" REC_PC_TO_PREFIX "${REC_PC_TO_PREFIX}")
configure_file(recommend.pc.in recommend.pc @ONLY)

install(TARGETS librecommend EXPORT recommendTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES include/recommend.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/recommend.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
install(EXPORT recommendTargets NAMESPACE recommend:: DESTINATION ${cmake_folder} COMPONENT development)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/recommendConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/recommendConfigVersion.cmake
  DESTINATION ${cmake_folder} COMPONENT development)

# ---- for SQLite -----------------------------------------------------------------------------------------------------------

# Everything is in it, so that it can be loaded from anywhere; its name tells SQLite the name of the function that begins it.
add_library(rec_sqlite_extension MODULE sqlite_extension.c)
set_target_properties(rec_sqlite_extension PROPERTIES PREFIX "" OUTPUT_NAME recommend LIBRARY_OUTPUT_DIRECTORY ${REC_MODULE_DIR}
  LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sqlite_extension.map)
target_link_libraries(rec_sqlite_extension PRIVATE rec_library SQLite::SQLite3)
target_link_options(rec_sqlite_extension PRIVATE LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/sqlite_extension.map)
install(TARGETS rec_sqlite_extension LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/recommend)
