# cmake -DBUILD=dir -DSOURCE=dir -DWORK=dir -DGENERATOR=name -DCXX=compiler -P template_test.cmake
#
# What a third party does: installs the SDK to an empty prefix, copies the template, builds it there, runs its tests.
# Then the same with a broken manifest, which must stop the configuration with every fault named.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nfailed (${result}):\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD}" --component sdk --prefix "${WORK}/sdk")
file(COPY "${SOURCE}/plugin-template" DESTINATION "${WORK}")
set(template "${WORK}/plugin-template")
set(configure ${CMAKE_COMMAND} -S "${template}" -B "${template}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${WORK}/sdk"
              "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_BUILD_TYPE=Debug"
              "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")
run(${configure})
run(${CMAKE_COMMAND} --build "${template}/build")
run(ctest --test-dir "${template}/build" --output-on-failure --no-tests=error)
run(${CMAKE_COMMAND} --install "${template}/build" --prefix "${WORK}/installed")
if(NOT EXISTS "${WORK}/installed/lib/patchbay/plugins/template.so")
  message(FATAL_ERROR "the plugin was not installed to lib/patchbay/plugins")
endif()

# Only the entry is exported, and the manifest in the file is the very file.
find_program(NM nm)
find_program(OBJCOPY objcopy)
set(plugin "${template}/build/lib/patchbay/plugins/template.so")
if(NM AND OBJCOPY)
  execute_process(COMMAND ${NM} -D --defined-only "${plugin}" OUTPUT_VARIABLE symbols)
  string(REGEX REPLACE "[0-9a-f]+ [A-Z] " "" symbols "${symbols}")
  string(STRIP "${symbols}" symbols)
  if(NOT symbols STREQUAL "bay_entry_v0")
    message(FATAL_ERROR "exported besides bay_entry_v0:\n${symbols}")
  endif()
  run(${OBJCOPY} -O binary --only-section=.bay_manifest "${plugin}" "${WORK}/manifest.json")
  run(${CMAKE_COMMAND} -E compare_files "${WORK}/manifest.json" "${template}/manifest.json")
endif()

file(WRITE "${template}/manifest.json"
     [[{"id": "Template", "abi": "9.9", "version": "1", "components": [{"kind": "bay.provider/1", "id": "A"}]}]])
execute_process(COMMAND ${configure} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
foreach(fault IN ITEMS "/id: 'Template'" "/version: '1'" "/abi: '9.9'" "/components/0/id: 'A'"
                       "/components/0/provider: missing")
  string(FIND "${output}" "${fault}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "a broken manifest was not refused for ${fault}:\n${output}")
  endif()
endforeach()
