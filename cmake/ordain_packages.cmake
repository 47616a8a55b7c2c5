# What is installed, and the packages that cpack makes of it: a .deb of the program that uses
# Debian's libraries, a .tar.gz of the static one (ORDAIN_STATIC).

include(GNUInstallDirs)

install(TARGETS ordain)

# The manual page and the completions are what the program prints of itself.
set(generated_folder "${PROJECT_BINARY_DIR}/generated")
file(MAKE_DIRECTORY "${generated_folder}")
set(generated_files "")

# ordain_install_generated(<what> <file> <folder>)
# What `ordain generate <what>` prints, as <folder>/<file>.
function(ordain_install_generated what file folder)
    set(output "${generated_folder}/${file}")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND ordain generate ${what} > "${output}"
        DEPENDS ordain
        VERBATIM)
    set(generated_files "${generated_files};${output}" PARENT_SCOPE)
    install(FILES "${output}" DESTINATION "${folder}")
endfunction()

# ordain_install_compressed(<text> <file> <folder>)
# A text file as Debian has it, <folder>/<file>.gz, without a time in it.
function(ordain_install_compressed text file folder)
    set(output "${generated_folder}/${file}.gz")
    add_custom_command(
        OUTPUT "${output}"
        COMMAND gzip -9nc "${text}" > "${output}"
        DEPENDS "${text}"
        VERBATIM)
    set(generated_files "${generated_files};${output}" PARENT_SCOPE)
    install(FILES "${output}" DESTINATION "${folder}")
endfunction()

# Where zsh looks by itself: Debian has a folder for what its packages bring.
set(zsh_folder zsh/vendor-completions)
if(ORDAIN_STATIC)
    set(zsh_folder zsh/site-functions)
endif()
ordain_install_generated(bash ordain "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
ordain_install_generated(zsh _ordain "${CMAKE_INSTALL_DATADIR}/${zsh_folder}")
ordain_install_generated(fish ordain.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")

set(manual "${generated_folder}/ordain.1")
add_custom_command(
    OUTPUT "${manual}"
    COMMAND ordain generate man > "${manual}"
    DEPENDS ordain
    VERBATIM)
ordain_install_compressed("${manual}" ordain.1 "${CMAKE_INSTALL_MANDIR}/man1")
ordain_install_compressed("${PROJECT_SOURCE_DIR}/CHANGELOG.md" changelog "${CMAKE_INSTALL_DOCDIR}")

install(DIRECTORY docs/schemas DESTINATION "${CMAKE_INSTALL_DATADIR}/ordain")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

# What is in the program brings its licence along: libraries of headers, and what is linked
# statically.
set(bundled
    libcli11-dev
    libexpected-dev
    nlohmann-json3-dev)
if(ORDAIN_STATIC)
    list(APPEND bundled
        libc6-dev
        libfmt-dev
        libgit2-dev
        libhttp-parser-dev
        libmbedtls-dev
        libpcre2-dev
        libpg-query-dev
        libprotobuf-c-dev
        libre2-dev
        libtomlplusplus-dev
        zlib1g-dev)
endif()
foreach(package IN LISTS bundled)
    install(FILES "/usr/share/doc/${package}/copyright"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}/libraries" RENAME "${package}" OPTIONAL)
endforeach()

set(CPACK_PACKAGE_NAME ordain)
set(CPACK_PACKAGE_VENDOR "Ordain contributors")
set(CPACK_PACKAGE_CONTACT "Ordain contributors <ordain-sql@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "check PostgreSQL migrations without a database")
set(CPACK_PACKAGE_DESCRIPTION
"Ordain replays a folder of PostgreSQL migrations on a symbolic catalog and
says what a server would do with them: whether they apply in their order,
what a second run does, whether the rollback restores what was there, which
tables are locked or rewritten, and what is lost.
.
It reads the layouts of sqlx, diesel, Prisma, postgres-migrations and plain
numbered files, and reports to terminals and CI services.")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

if(ORDAIN_STATIC)
    set(CPACK_GENERATOR TGZ)
    set(CPACK_PACKAGE_FILE_NAME
        "ordain-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
else()
    set(CPACK_GENERATOR DEB)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
    set(CPACK_DEBIAN_PACKAGE_SECTION database)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    set(debian_version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
    string(TIMESTAMP debian_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
    configure_file(cmake/changelog.Debian.in "${generated_folder}/changelog.Debian" @ONLY)
    ordain_install_compressed(
        "${generated_folder}/changelog.Debian" changelog.Debian "${CMAKE_INSTALL_DOCDIR}")
endif()

add_custom_target(ordain_generated ALL DEPENDS ${generated_files})
include(CPack)
