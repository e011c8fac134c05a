# find_package(Patchbay): patchbay::abi (headers), patchbay::transcript (the transcript player),
# patchbay::check (plugin-check), patchbay::plugin_json (if Boost is there), patchbay_add_plugin().
include("${CMAKE_CURRENT_LIST_DIR}/PatchbayTargets.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/PatchbayPlugin.cmake")
