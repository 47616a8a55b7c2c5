# Fails, with file and line, on every #include that reaches a folder later in the order of
# dependency. All folders of src/ share one include root, so the compiler does not see this.
#
#   cmake -DROOT=<source folder> "-DAREAS=config;text;..." -P check_layering.cmake
#
# - src/<area>/ and rules/ may include their own headers and those of earlier areas, as
#   "<area>/x.hpp", or a header beside them as "x.hpp".
# - include/ordain/ may include no area at all.
# - libpg_query and protobuf-c are included by src/parse only.

cmake_minimum_required(VERSION 3.25)

set(violations "")

macro(report why)
    string(APPEND violations "${relative}:${line_number}: #include ${written}: ${why}\n")
endmacro()

# Judges one #include of `file`, which belongs to the area at `position` (-1: the public headers).
macro(check_include include)
    set(written "${include}")
    string(REGEX REPLACE "^[<\"](.*)[>\"]$" "\\1" path "${written}")
    string(REGEX MATCH "^[^/]+" first "${path}")
    list(FIND AREAS "${first}" target)
    get_filename_component(folder "${file}" DIRECTORY)
    if(path MATCHES "^(pg_query|protobuf-c)" AND NOT area STREQUAL "parse")
        report("only src/parse knows libpg_query and protobuf-c")
    elseif(path MATCHES "[.][.]/")
        report("a path from the include root is wanted")
    elseif(path MATCHES "/" AND target GREATER position)
        report("${area} may not depend on ${first}")
    elseif(path MATCHES "/" AND target EQUAL -1 AND written MATCHES "^\"")
        report("${first} is no area")
    elseif(NOT path MATCHES "/" AND written MATCHES "^\"" AND NOT EXISTS "${folder}/${path}")
        report("no such file beside this one")
    endif()
endmacro()

macro(check_folder folder)
    file(GLOB_RECURSE files LIST_DIRECTORIES FALSE
        "${ROOT}/${folder}/*.cpp" "${ROOT}/${folder}/*.hpp" "${ROOT}/${folder}/*.h"
        "${ROOT}/${folder}/*.def")
    foreach(file IN LISTS files)
        file(RELATIVE_PATH relative "${ROOT}" "${file}")
        file(READ "${file}" content)
        # A line becomes a list item: what is special in lists must not be in it.
        string(REGEX REPLACE "[][;\\]" "_" content "${content}")
        string(REPLACE "\n" ";" lines "${content}")
        set(line_number 0)
        foreach(line IN LISTS lines)
            math(EXPR line_number "${line_number} + 1")
            if(line MATCHES "^[ \t]*#[ \t]*include[ \t]*([<\"][^>\"]+[>\"])")
                check_include("${CMAKE_MATCH_1}")
            endif()
        endforeach()
        math(EXPR file_count "${file_count} + 1")
    endforeach()
endmacro()

set(file_count 0)
set(area "include/ordain")
set(position -1)
check_folder(include/ordain)
foreach(area IN LISTS AREAS)
    list(FIND AREAS "${area}" position)
    if(area STREQUAL "rules")
        check_folder(rules)
    else()
        check_folder("src/${area}")
    endif()
endforeach()

file(GLOB folders LIST_DIRECTORIES TRUE RELATIVE "${ROOT}/src" "${ROOT}/src/*")
foreach(folder IN LISTS folders)
    if(NOT folder IN_LIST AREAS)
        string(APPEND violations "src/${folder}: missing in the list of areas\n")
    endif()
endforeach()
if(file_count EQUAL 0)
    string(APPEND violations "no files found under ${ROOT}\n")
endif()
if(violations)
    message(NOTICE "${violations}")
    message(FATAL_ERROR "includes against the order of dependency")
endif()
message(STATUS "${file_count} files, no include against the order of dependency")
