# patchbay_add_shared(name [LIBRARIES lib...] [WITHOUT file...] [TEST_LIBRARIES lib...]): the calling folder's sources as a
# static library that becomes part of each plugin file which links it, and its tests (*_test.cpp) as ${name}_test.
function(patchbay_add_shared name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES;WITHOUT;TEST_LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(REMOVE_ITEM sources ${ARG_WITHOUT})

  add_library(${name} STATIC EXCLUDE_FROM_ALL ${sources})
  patchbay_unity(${name})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/..)
  target_link_libraries(${name} PUBLIC patchbay::abi patchbay::plugin_json ${ARG_LIBRARIES})
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique> -ffunction-sections
                                         -fdata-sections)
  set_target_properties(
    ${name}
    PROPERTIES POSITION_INDEPENDENT_CODE ON
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON)

  if(PATCHBAY_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${ARG_TEST_LIBRARIES} GTest::gtest GTest::gmock
                                               GTest::gtest_main)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# patchbay_add_plugin_folder(name [ENTRY file] [LIBRARIES lib...] [TEST_LIBRARIES lib...] [DATA file...]): the plugin of the
# calling folder. ENTRY (provider.cpp, if it is not said) holds BAY_PLUGIN and nothing that a test needs; the other sources are
# a library, compiled once for the plugin file and for the tests beside them (patchbay_${name}_test).
function(patchbay_add_plugin_folder name)
  cmake_parse_arguments(ARG "" "ENTRY" "LIBRARIES;TEST_LIBRARIES;DATA" ${ARGN})
  if(NOT ARG_ENTRY)
    set(ARG_ENTRY provider.cpp)
  endif()
  patchbay_add_shared(patchbay_${name} WITHOUT ${ARG_ENTRY} LIBRARIES ${ARG_LIBRARIES} TEST_LIBRARIES ${ARG_TEST_LIBRARIES})
  patchbay_add_plugin(${name} SOURCES ${ARG_ENTRY} MANIFEST manifest.json DATA ${ARG_DATA} LIBRARIES patchbay_${name})
  target_compile_features(${name} PRIVATE cxx_std_20)
endfunction()
