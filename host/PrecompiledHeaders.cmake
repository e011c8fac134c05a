# The headers that nearly all sources of a room read, parsed once. A precompiled header is of use to targets that are
# compiled with its flags, and with its definitions among theirs.

foreach(room patchbay_engine patchbay_gateway)
  target_precompile_headers(${room} PRIVATE precompiled.hpp)
  if(TARGET ${room}_test)
    target_precompile_headers(${room}_test PRIVATE precompiled_test.hpp)
  endif()
endforeach()

# Rooms without a network: the standard library and Boost.JSON.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp "")
add_library(patchbay_host_precompiled OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(patchbay_host_precompiled PRIVATE Boost::json)
target_precompile_headers(patchbay_host_precompiled PRIVATE precompiled_json.hpp)
set_target_properties(patchbay_host_precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(patchbay_host_precompiled PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang>:-fno-semantic-interposition>)
foreach(room patchbay_config patchbay_contract patchbay_store patchbay_meter)
  target_precompile_headers(${room} REUSE_FROM patchbay_host_precompiled)
endforeach()
# Poco defines more.
target_precompile_headers(patchbay_control PRIVATE precompiled_json.hpp)
if(PATCHBAY_TESTS)
  add_library(patchbay_host_precompiled_test OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(patchbay_host_precompiled_test PRIVATE Boost::json GTest::gtest GTest::gmock)
  target_precompile_headers(patchbay_host_precompiled_test PRIVATE precompiled_json_test.hpp)
  # patchbay_lean_tests
  target_compile_options(patchbay_host_precompiled_test PRIVATE $<$<CONFIG:Release>:-O1>)
  foreach(room patchbay_config patchbay_contract patchbay_store patchbay_meter)
    target_precompile_headers(${room}_test REUSE_FROM patchbay_host_precompiled_test)
  endforeach()
  target_precompile_headers(patchbay_control_test PRIVATE precompiled_json_test.hpp)
endif()
