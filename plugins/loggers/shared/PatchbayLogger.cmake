# patchbay_add_logger(name header class): the plugin of the calling folder, whose log sink is `class`, declared in `header`;
# and its tests, which are linked without the plugin's entry.
function(patchbay_add_logger name header class)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  set(entry ${CMAKE_CURRENT_BINARY_DIR}/${name}_entry.cpp)
  file(CONFIGURE OUTPUT ${entry} @ONLY CONTENT [[
#include "patchbay/sdk/plugin.hpp"

#include "@header@"

BAY_PLUGIN(bay::Loggers<@class@>)
]])
  patchbay_add_plugin(${name} SOURCES ${entry} ${sources} MANIFEST manifest.json LIBRARIES patchbay_logger_shared)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  if(PATCHBAY_TESTS)
    add_executable(patchbay_${name}_test ${sources} ${tests})
    target_link_libraries(patchbay_${name}_test PRIVATE patchbay_logger_driver GTest::gtest GTest::gmock
                                                        GTest::gtest_main)
    gtest_discover_tests(patchbay_${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 60)
  endif()
endfunction()
