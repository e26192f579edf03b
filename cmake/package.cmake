# SPDX-License-Identifier: Apache-2.0
# `./dev package`: a Debian package of the release build and of the built pages.

include(GNUInstallDirs)
install(TARGETS aula RUNTIME DESTINATION bin)
install(DIRECTORY web/dist/ DESTINATION share/aula/web)
install(DIRECTORY docs/operating docs/protocol DESTINATION share/doc/aula)
install(FILES README.md CHANGES.md DESTINATION share/doc/aula)
install(FILES LICENSE DESTINATION share/doc/aula RENAME copyright)
install(FILES packaging/systemd/aula-hub.service packaging/systemd/aula-node.service DESTINATION lib/systemd/system)
install(FILES packaging/systemd/hub.env DESTINATION /etc/aula PERMISSIONS OWNER_READ OWNER_WRITE)
install(DIRECTORY packaging/caddy packaging/cloud-init packaging/grafana packaging/prometheus
    DESTINATION share/aula USE_SOURCE_PERMISSIONS)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME aula)
set(CPACK_PACKAGE_CONTACT "The Aula project <aula@aula.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Virtual classrooms on conference nodes that start and stop by themselves")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/package)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "caddy, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm packaging/debian/conffiles)
list(TRANSFORM CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA PREPEND ${CMAKE_SOURCE_DIR}/)
include(CPack)
