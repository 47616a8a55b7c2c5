# Every library that Ordain uses, found on the system. What is missing is collected, so that one
# error names all Debian packages to install.

# Wraps a C or C++ library that ships no CMake package as the imported target <target>.
function(ordain_find_library target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LIBRARY;HEADER;PACKAGE" "PATH_SUFFIXES")
    string(MAKE_C_IDENTIFIER "${arg_LIBRARY}" id)
    find_library(ORDAIN_LIBRARY_${id} NAMES ${arg_LIBRARY})
    find_path(ORDAIN_INCLUDE_${id} NAMES ${arg_HEADER} PATH_SUFFIXES ${arg_PATH_SUFFIXES})
    mark_as_advanced(ORDAIN_LIBRARY_${id} ORDAIN_INCLUDE_${id})
    if(NOT ORDAIN_LIBRARY_${id} OR NOT ORDAIN_INCLUDE_${id})
        set_property(GLOBAL APPEND PROPERTY ordain_missing_packages ${arg_PACKAGE})
        return()
    endif()
    add_library(${target} UNKNOWN IMPORTED)
    set_target_properties(${target} PROPERTIES
        IMPORTED_LOCATION "${ORDAIN_LIBRARY_${id}}"
        INTERFACE_INCLUDE_DIRECTORIES "${ORDAIN_INCLUDE_${id}}")
endfunction()

# The imported target <target> of a library that is used from its headers alone.
function(ordain_find_headers target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;PACKAGE" "DEFINITIONS")
    string(MAKE_C_IDENTIFIER "${target}" id)
    find_path(ORDAIN_INCLUDE_${id} NAMES ${arg_HEADER})
    mark_as_advanced(ORDAIN_INCLUDE_${id})
    if(NOT ORDAIN_INCLUDE_${id})
        set_property(GLOBAL APPEND PROPERTY ordain_missing_packages ${arg_PACKAGE})
        return()
    endif()
    add_library(${target} INTERFACE IMPORTED)
    set_target_properties(${target} PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${ORDAIN_INCLUDE_${id}}"
        INTERFACE_COMPILE_DEFINITIONS "${arg_DEFINITIONS}")
endfunction()

# find_package(<name>) with an error that names the Debian package.
macro(ordain_find_package name package)
    find_package(${name} QUIET)
    if(NOT ${name}_FOUND)
        set_property(GLOBAL APPEND PROPERTY ordain_missing_packages ${package})
    endif()
endmacro()

# Python3::Interpreter with the modules of the tests.
macro(ordain_find_python)
    if(EXISTS /usr/bin/python3)
        # Another one in PATH does not see the modules that Debian packages.
        set(Python3_EXECUTABLE /usr/bin/python3)
    endif()
    find_package(Python3 QUIET COMPONENTS Interpreter)
    set(status 1)
    if(Python3_FOUND)
        execute_process(
            COMMAND "${Python3_EXECUTABLE}" -c "import jsonschema, yaml"
            RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    endif()
    if(NOT status EQUAL 0)
        set_property(GLOBAL APPEND PROPERTY ordain_missing_packages
            python3-jsonschema python3-yaml)
    endif()
endmacro()

if(ORDAIN_STATIC)
    set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
    # Debian has no .a of these two.
    ordain_find_headers(fmt::fmt
        HEADER fmt/format.h PACKAGE libfmt-dev DEFINITIONS FMT_HEADER_ONLY)
    ordain_find_headers(tomlplusplus::tomlplusplus
        HEADER toml++/toml.h PACKAGE libtomlplusplus-dev)
else()
    ordain_find_package(fmt libfmt-dev)
    ordain_find_package(tomlplusplus libtomlplusplus-dev)
endif()
find_package(Threads REQUIRED)
ordain_find_package(tl-expected libexpected-dev)
ordain_find_package(CLI11 libcli11-dev)
ordain_find_package(nlohmann_json nlohmann-json3-dev)
ordain_find_library(pg_query::pg_query
    LIBRARY pg_query HEADER pg_query.h PACKAGE libpg-query-dev)
ordain_find_library(protobuf_c::protobuf_c
    LIBRARY protobuf-c HEADER protobuf-c/protobuf-c.h PACKAGE libprotobuf-c-dev)
ordain_find_library(libgit2::libgit2 LIBRARY git2 HEADER git2.h PACKAGE libgit2-dev)
if(ORDAIN_STATIC)
    # What src/git/without_network.cpp leaves of what it needs.
    ordain_find_library(mbedtls::mbedcrypto
        LIBRARY mbedcrypto HEADER mbedtls/sha256.h PACKAGE libmbedtls-dev)
    ordain_find_library(http_parser::http_parser
        LIBRARY http_parser HEADER http_parser.h PACKAGE libhttp-parser-dev)
    ordain_find_library(pcre2::pcre2 LIBRARY pcre2-8 HEADER pcre2.h PACKAGE libpcre2-dev)
    ordain_find_library(zlib::zlib LIBRARY z HEADER zlib.h PACKAGE zlib1g-dev)
    set_property(TARGET libgit2::libgit2 PROPERTY INTERFACE_LINK_LIBRARIES
        mbedtls::mbedcrypto http_parser::http_parser pcre2::pcre2 zlib::zlib)
endif()
ordain_find_library(re2::re2 LIBRARY re2 HEADER re2/re2.h PACKAGE libre2-dev)

if(ORDAIN_BUILD_TESTS)
    ordain_find_package(GTest "libgtest-dev;libgmock-dev")
    ordain_find_library(libpq::libpq
        LIBRARY pq HEADER libpq-fe.h PATH_SUFFIXES postgresql PACKAGE libpq-dev)
    # Debian keeps the server's programs out of PATH.
    find_program(ORDAIN_POSTGRES NAMES postgres HINTS /usr/lib/postgresql/15/bin)
    mark_as_advanced(ORDAIN_POSTGRES)
    if(NOT ORDAIN_POSTGRES)
        set_property(GLOBAL APPEND PROPERTY ordain_missing_packages postgresql-15)
    endif()
    ordain_find_python()
endif()

get_property(missing GLOBAL PROPERTY ordain_missing_packages)
if(missing)
    list(JOIN missing " " missing)
    message(FATAL_ERROR
        "Libraries that Ordain needs were not found. On Debian 12, install these packages:\n"
        "  apt-get install ${missing}\n"
        "or let ./dev setup do it.")
endif()
