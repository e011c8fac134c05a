# What all test programs have in common.

# patchbay_lean_tests(dir): test programs (targets named *_test) below a directory are compiled a few sources at a time
# (patchbay_unity) and with little optimisation: each runs for seconds, and what they test comes optimised from the libraries
# that they link. Call it when all targets are there.
function(patchbay_lean_tests dir)
  get_property(targets DIRECTORY ${dir} PROPERTY BUILDSYSTEM_TARGETS)
  list(FILTER targets INCLUDE REGEX "_test$")
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      patchbay_unity(${target})
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
      if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Half a gigabyte of heap before gcc looks for garbage in it: matchers' templates make more than is worth a look.
        target_compile_options(${target} PRIVATE "SHELL:--param ggc-min-heapsize=524288")
      endif()
      get_target_property(libraries ${target} LINK_LIBRARIES)
      if(libraries MATCHES "patchbay_(engine|gateway)" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # With -O1 gcc 12 does not see through Asio's coroutine frames.
        target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
      endif()
    endif()
  endforeach()
  get_property(below DIRECTORY ${dir} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS below)
    patchbay_lean_tests(${subdirectory})
  endforeach()
endfunction()
