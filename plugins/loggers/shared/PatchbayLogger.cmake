# patchbay_add_logger(name header class): the plugin of the calling folder, whose log sink is `class`, declared in `header`;
# and its tests, which are linked without the plugin's entry.
function(patchbay_add_logger name header class)
  set(entry ${CMAKE_CURRENT_BINARY_DIR}/${name}_entry.cpp)
  file(CONFIGURE OUTPUT ${entry} @ONLY CONTENT [[
#include "patchbay/sdk/plugin.hpp"

#include "@header@"

BAY_PLUGIN(bay::Loggers<@class@>)
]])
  patchbay_add_shared(patchbay_${name} LIBRARIES patchbay_logger_shared TEST_LIBRARIES patchbay_logger_driver)
  patchbay_add_plugin(${name} SOURCES ${entry} MANIFEST manifest.json LIBRARIES patchbay_${name})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()
