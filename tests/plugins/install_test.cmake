# cmake -DBUILD=dir -DWORK=dir -P install_test.cmake
#
# cmake --install of everything gives a gateway that finds its plugins, wherever it is put.
file(REMOVE_RECURSE "${WORK}")
execute_process(COMMAND ${CMAKE_COMMAND} --install "${BUILD}" --prefix "${WORK}/prefix" RESULT_VARIABLE result
                OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "cmake --install failed (${result}):\n${output}")
endif()
file(RENAME "${WORK}/prefix" "${WORK}/moved")
execute_process(COMMAND "${WORK}/moved/bin/patchbay" plugins WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result
                OUTPUT_VARIABLE listed ERROR_VARIABLE errors)
file(GLOB plugins RELATIVE "${WORK}/moved/lib/patchbay/plugins" "${WORK}/moved/lib/patchbay/plugins/*.so")
if(NOT plugins)
  message(FATAL_ERROR "no plugin was installed:\n${output}")
endif()
foreach(plugin IN LISTS plugins)
  string(FIND "${listed}" "${WORK}/moved/lib/patchbay/plugins/${plugin}" found)
  if(NOT result EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "the installed gateway does not list ${plugin} (${result}):\n${listed}${errors}")
  endif()
endforeach()
