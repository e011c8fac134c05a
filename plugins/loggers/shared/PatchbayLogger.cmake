# patchbay_add_logger(name): the plugin of the calling folder, plugin.cpp being its entry, and its tests, which are
# linked without the entry.
function(patchbay_add_logger name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  patchbay_add_plugin(${name} SOURCES ${sources} MANIFEST manifest.json LIBRARIES patchbay_logger_shared)
  if(PATCHBAY_TESTS)
    list(FILTER sources EXCLUDE REGEX "/plugin\\.cpp$")
    add_executable(patchbay_${name}_test ${sources} ${tests})
    target_link_libraries(patchbay_${name}_test PRIVATE patchbay_logger_driver GTest::gtest GTest::gmock
                                                        GTest::gtest_main)
    gtest_discover_tests(patchbay_${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 60)
  endif()
endfunction()
