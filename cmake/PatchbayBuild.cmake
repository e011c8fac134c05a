# Flags and helpers that every target of this tree shares.

find_program(PATCHBAY_CCACHE ccache)
if(PATCHBAY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are cached only with these two relaxations (ccache manual, "Precompiled headers").
  set(CMAKE_C_COMPILER_LAUNCHER ${PATCHBAY_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${PATCHBAY_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic $<$<COMPILE_LANGUAGE:CXX>:-Wshadow>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
  # gcc 12 sees null dereferences and dangling pointers in Asio's coroutine frames that are not there.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  # And, when it optimises, impossible sizes in std::string's memcpy (gcc bugs 105329, 105651).
  foreach(false_alarm IN ITEMS array-bounds restrict stringop-overflow stringop-overread)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-${false_alarm}>)
  endforeach()
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  # The baseline of every x86-64 server since 2009: without it each population count is a library call.
  add_compile_options(-march=x86-64-v2)
endif()
if(PATCHBAY_WERROR)
  add_compile_options(-Werror)
endif()
if(PATCHBAY_SANITIZE)
  add_compile_options(-fsanitize=${PATCHBAY_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PATCHBAY_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # gcc 12 does not see through Asio's coroutine frames when they are instrumented.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete>)
  endif()
  if(PATCHBAY_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      # clang 14 cannot assemble what this check puts before coroutines.
      add_compile_options(-fno-sanitize=function)
    endif()
  endif()
endif()
if(PATCHBAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# patchbay_unity(target): in a build of everything (PATCHBAY_UNITY), the sources of a target that stand in one folder are compiled
# a few at a time, so that what they all include is parsed, and instantiated, once for each few. Not for libraries of which a
# linker should take what is needed, source by source.
function(patchbay_unity target)
  if(NOT PATCHBAY_UNITY)
    return()
  endif()
  set(most 10)
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(SORT sources)
  foreach(source IN LISTS sources)
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    if(NOT DEFINED count_${folder})
      set(count_${folder} 0)
    endif()
    math(EXPR number "${count_${folder}} / ${most}")
    math(EXPR count_${folder} "${count_${folder}} + 1")
    string(MD5 name "${folder}_${number}")
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${name})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # Of a type with a member from an anonymous namespace (a coroutine's frame is one) gcc fears that others include it.
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
  # A unit includes its sources by their full paths; so ccache still finds what another checkout has compiled.
  target_compile_options(${target} PRIVATE -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
endfunction()

# patchbay_room(name DIRS dir... [DEPS target...] [POSTGRESQL]): a static library from every .cpp in the folders, and a
# test program name_test from every _test.cpp beside them. POSTGRESQL: those of its tests that need a server share one, in
# one process (host/store/test_support.hpp).
function(patchbay_room name)
  cmake_parse_arguments(ARG "POSTGRESQL" "" "DIRS;DEPS;TEST_DEPS" ${ARGN})
  set(sources)
  set(tests)
  foreach(dir IN LISTS ARG_DIRS)
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.cpp)
    list(APPEND sources ${found})
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/host)
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  if(PATCHBAY_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${ARG_TEST_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
    set(filter)
    if(ARG_POSTGRESQL)
      target_compile_definitions(${name}_test
                                 PRIVATE PATCHBAY_POSTGRES="${CMAKE_SOURCE_DIR}/tests/e2e/support/postgres.py")
      add_test(NAME ${name}.PostgreSQL COMMAND ${name}_test "--gtest_filter=*/PostgreSQL")
      set_tests_properties(${name}.PostgreSQL PROPERTIES TIMEOUT 300)
      set(filter TEST_FILTER "-*/PostgreSQL")
    endif()
    gtest_discover_tests(${name}_test ${filter} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  endif()
endfunction()
