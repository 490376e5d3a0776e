# Debian packages, by `cpack -G DEB` in a build folder of the preset `package`: the program with modules, table and extension; the shared library; what others build with.
# docs/installing.md says how they are made and tried.

# Where modules and table are is compiled in: a package of a build for another place would hold a program that looks there.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL /usr)
  return()
endif()
find_program(REC_GZIP gzip)
if(NOT REC_GZIP)
  message(STATUS "no gzip: Debian packages are not offered")
  return()
endif()

# Revisions below 1 leave room for packages of Debian's own, which would count from there.
set(package_revision 0upstream1)
set(package_version ${PROJECT_VERSION}-${package_revision})

# Who makes a package answers for it: the name and address that Debian's own tools take. Else nobody's, and one that no mail goes to (RFC 2606).
set(maintainer "recommend maintainers <maintainers@recommend.invalid>")
if(NOT "$ENV{DEBEMAIL}" STREQUAL "" AND NOT "$ENV{DEBFULLNAME}" STREQUAL "")
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(REC_MAINTAINER ${maintainer} CACHE STRING "Maintainer of the Debian packages: Name <address>")

# ---- what a Debian package has besides: installed with the packages alone ------------------------------------------------

set(made ${CMAKE_CURRENT_BINARY_DIR}/debian)
configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog ${made}/changelog @ONLY)
foreach(pair ${made}/changelog:changelog.Debian.gz ${PROJECT_SOURCE_DIR}/CHANGELOG.md:changelog.gz)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 from)
  list(GET pair 1 to)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${from})
  execute_process(COMMAND ${REC_GZIP} -9 -n -c ${from} OUTPUT_FILE ${made}/${to} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

foreach(pair program:recommend library:librecommend0 development:librecommend-dev)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/debian/copyright ${made}/changelog.Debian.gz ${made}/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component}_debian EXCLUDE_FROM_ALL)
endforeach()
install(FILES ${CMAKE_CURRENT_LIST_DIR}/debian/librecommend0.lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME librecommend0
  COMPONENT library_debian EXCLUDE_FROM_ALL)

add_custom_command(OUTPUT ${made}/man/made
  COMMAND ${CMAKE_CURRENT_LIST_DIR}/debian/compress-pages ${CMAKE_BINARY_DIR}/share/man ${made}/man
  COMMAND ${CMAKE_COMMAND} -E touch ${made}/man/made
  DEPENDS ${CMAKE_BINARY_DIR}/share/man/made ${CMAKE_CURRENT_LIST_DIR}/debian/compress-pages VERBATIM)
add_custom_target(compressed_manual ALL DEPENDS ${made}/man/made)
add_dependencies(compressed_manual manual)
install(DIRECTORY ${made}/man/man1 ${made}/man/man5 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program_debian EXCLUDE_FROM_ALL)
install(DIRECTORY ${made}/man/man3 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT development_debian EXCLUDE_FROM_ALL)

# ---- the packages ---------------------------------------------------------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME recommend)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own, as the first line of its description
set(CPACK_PACKAGE_CONTACT "${REC_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_COMPONENTS_ALL program program_debian library library_debian development development_debian)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${package_revision})
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=") # releases add to the library, and take nothing away
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME recommend)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
# Without it FAISS computes with the reference BLAS, 30 times slower.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS libopenblas0-pthread)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "default-mta | mail-transport-agent, sqlite3")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "similarity recommendations for scientific papers
Give it a scientific paper, and it gives back the papers most like it. Titles
and abstracts are enough: no citations, no readers, no network, no GPU. Papers
are kept in one SQLite file; lists can be read as text, JSON, mail or a feed.

The package also has the function recommend() for the sqlite3 shell.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME librecommend0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/debian/triggers)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "recommend (= ${package_version})")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "similarity recommendations for scientific papers - shared library
Papers like a paper or a text, over a store that the program recommend keeps.

This package has the shared library; its modules come with the program.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME librecommend-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "librecommend0 (= ${package_version}), libsqlite3-dev, libjansson-dev, libutf8proc-dev, libstemmer-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "similarity recommendations for scientific papers - development files
Papers like a paper or a text, over a store that the program recommend keeps.

This package has the header, the archive, and the files for pkg-config and
CMake.")

include(CPack)
foreach(component program library development)
  cpack_add_component_group(${component})
  cpack_add_component(${component} GROUP ${component})
  cpack_add_component(${component}_debian GROUP ${component})
endforeach()
