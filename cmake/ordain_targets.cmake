# How Ordain's own targets are made. Third-party targets to name in PUBLIC, PRIVATE and LIBRARIES:
# fmt::fmt, re2::re2, CLI11::CLI11, nlohmann_json::nlohmann_json, tomlplusplus::tomlplusplus,
# libgit2::libgit2, pg_query::pg_query, protobuf_c::protobuf_c, Threads::Threads; libpq::libpq in tests.

# Two warnings of GCC 12 are wrong about standard strings when it optimises: maybe-uninitialized
# about the empty ones in temporary aggregates, restrict about `"text" + string` (its bug 105651).
# The sanitizers and clang-tidy look for the true cases.
add_library(ordain_warnings INTERFACE)
target_compile_options(ordain_warnings INTERFACE
    -Wall
    -Wextra
    -Wpedantic
    -Wshadow
    -Wconversion
    -Wsign-conversion
    -Wold-style-cast
    -Wnon-virtual-dtor
    -Woverloaded-virtual
    -Wimplicit-fallthrough
    -Wextra-semi
    -Wmissing-declarations
    -Wunused-const-variable
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${ORDAIN_WERROR}>:-Werror>)

# The public headers, the generated <ordain/version.hpp> and what they include.
configure_file(
    "${PROJECT_SOURCE_DIR}/cmake/version.hpp.in"
    "${PROJECT_BINARY_DIR}/include/ordain/version.hpp" @ONLY)
add_library(ordain_headers INTERFACE)
add_library(ordain::headers ALIAS ordain_headers)
target_compile_features(ordain_headers INTERFACE cxx_std_20)
target_include_directories(ordain_headers INTERFACE
    "${PROJECT_SOURCE_DIR}/include"
    "${PROJECT_BINARY_DIR}/include")
target_link_libraries(ordain_headers INTERFACE tl::expected)

# The folder of an area, relative to the root.
function(ordain_area_folder area result)
    if(area STREQUAL "rules")
        set(${result} rules PARENT_SCOPE)
    else()
        set(${result} "src/${area}" PARENT_SCOPE)
    endif()
endfunction()

function(ordain_check_links target)
    foreach(library IN LISTS ARGN)
        if(library MATCHES "::" AND NOT TARGET ${library})
            message(FATAL_ERROR
                "${target} links ${library}, which is unknown or later in the list ordain_areas.")
        endif()
    endforeach()
endfunction()

# ordain_add_library(<area> SOURCES ... [PUBLIC ...] [PRIVATE ...])
# The static library of a folder: target ordain_<area>, alias ordain::<area>.
function(ordain_add_library area)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
    set(target ordain_${area})
    ordain_check_links(${target} ${arg_PUBLIC} ${arg_PRIVATE})
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(ordain::${area} ALIAS ${target})
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target}
        PUBLIC ordain_headers ${arg_PUBLIC}
        PRIVATE ordain_warnings ${arg_PRIVATE})
endfunction()

# ordain_embed(<target> HEADER <folder/name.hpp> NAMESPACE <name> FILES ...)
# Texts of the source folder as constants of a generated header: cloud_sql.sql is `cloud_sql`.
function(ordain_embed target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE" "FILES")
    set(constants "")
    foreach(file IN LISTS arg_FILES)
        file(READ "${file}" text)
        cmake_path(GET file STEM name)
        string(APPEND constants
            "inline constexpr std::string_view ${name} = R\"ordain(${text})ordain\";\n")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    endforeach()
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/${arg_HEADER}" @ONLY CONTENT
        "#pragma once\n\n#include <string_view>\n\nnamespace @arg_NAMESPACE@ {\n\n@constants@\n} // namespace @arg_NAMESPACE@\n")
    target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/generated")
endfunction()

# ordain_add_executable(<name> SOURCES ... [LIBRARIES ...])
# A program, in <build folder>/bin.
function(ordain_add_executable name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    ordain_check_links(${name} ${arg_LIBRARIES})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${name} PRIVATE ordain_headers ordain_warnings ${arg_LIBRARIES})
endfunction()

# ordain_add_test(<name>_test SOURCES ... [LIBRARIES ...] [SERVER])
# A GoogleTest program whose cases ctest runs one by one. With SERVER it may use
# "support/postgres_server.hpp", and ctest runs it whole, so that it starts one server and not one
# for each case. ORDAIN_FIXTURES_DIR is the absolute path of fixtures/.
function(ordain_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SERVER" "" "SOURCES;LIBRARIES")
    ordain_add_executable(${name} SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES})
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_compile_definitions(${name} PRIVATE
        ORDAIN_FIXTURES_DIR="${PROJECT_SOURCE_DIR}/fixtures")
    target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest_main)
    if(arg_SERVER)
        target_link_libraries(${name} PRIVATE ordain_test_postgres)
        add_test(NAME ${name} COMMAND ${name})
        set_tests_properties(${name} PROPERTIES TIMEOUT 300)
    else()
        gtest_discover_tests(${name}
            TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
    endif()
endfunction()
