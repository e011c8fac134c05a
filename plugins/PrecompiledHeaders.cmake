# The headers that nearly all sources of plugins read, parsed once; and once more for their tests.

file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp "")
add_library(patchbay_plugin_precompiled OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(patchbay_plugin_precompiled PRIVATE patchbay::abi patchbay::plugin_json)
target_precompile_headers(patchbay_plugin_precompiled PRIVATE precompiled.hpp)
# A precompiled header is of use to files that are compiled with its flags.
target_compile_options(patchbay_plugin_precompiled PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>
                                                           -ffunction-sections -fdata-sections)
set_target_properties(
  patchbay_plugin_precompiled
  PROPERTIES POSITION_INDEPENDENT_CODE ON
             CXX_VISIBILITY_PRESET hidden
             VISIBILITY_INLINES_HIDDEN ON)
if(PATCHBAY_TESTS)
  add_library(patchbay_plugin_precompiled_test OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(patchbay_plugin_precompiled_test PRIVATE patchbay::abi patchbay::plugin_json GTest::gtest
                                                                 GTest::gmock)
  target_precompile_headers(patchbay_plugin_precompiled_test PRIVATE precompiled_test.hpp)
  # patchbay_lean_tests
  target_compile_options(patchbay_plugin_precompiled_test PRIVATE $<$<CONFIG:Release>:-O1>)
endif()

# patchbay_precompile_plugins(dir): the libraries of plugins and their tests, below a directory, use them; the plugin files' own
# sources do not, as they are compiled with the name of a manifest. Call it when all targets are there.
function(patchbay_precompile_plugins dir)
  get_property(targets DIRECTORY ${dir} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(within_plugins ${target} POSITION_INDEPENDENT_CODE)
    get_target_property(libraries ${target} LINK_LIBRARIES)
    if(libraries MATCHES "patchbay_(contract|transcript_lib)")
      # It uses Boost.JSON as the host does, whose flags are others.
    elseif(type STREQUAL "EXECUTABLE")
      target_precompile_headers(${target} REUSE_FROM patchbay_plugin_precompiled_test)
    elseif(type STREQUAL "STATIC_LIBRARY" AND within_plugins)
      target_precompile_headers(${target} REUSE_FROM patchbay_plugin_precompiled)
    endif()
  endforeach()
  get_property(below DIRECTORY ${dir} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS below)
    patchbay_precompile_plugins(${subdirectory})
  endforeach()
endfunction()
