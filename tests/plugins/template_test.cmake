# cmake -DVARIANT=c|cpp|rust -DBUILD=dir -DSOURCE=dir -DWORK=dir -DGENERATOR=name -DCC=compiler -DCXX=compiler -P template_test.cmake
#
# What a third party does: installs the SDK to an empty prefix, copies the template, builds it there, runs its tests,
# packages it. Then, for the variants built with CMake, the same with a broken manifest, which must stop the
# configuration with every fault named.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

function(must_exist)
  foreach(file IN LISTS ARGN)
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR "${file} was not made")
    endif()
  endforeach()
endfunction()

if(VARIANT STREQUAL "rust")
  find_program(CARGO cargo)
  if(NOT CARGO)
    message("SKIPPED: no cargo on this system; scripts/packages.txt, group test, names the package")
    return()
  endif()
endif()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install "${BUILD}" --component sdk --prefix "${WORK}/sdk")
file(COPY "${SOURCE}/plugin-template/${VARIANT}" DESTINATION "${WORK}")
set(template "${WORK}/${VARIANT}")

# The variants are one plugin: same manifest, same behaviour.
file(GLOB transcripts RELATIVE "${SOURCE}/plugin-template/cpp" "${SOURCE}/plugin-template/cpp/transcripts/*.txt")
file(GLOB own RELATIVE "${template}" "${template}/transcripts/*.txt")
if(NOT own STREQUAL transcripts)
  message(FATAL_ERROR "transcripts of ${VARIANT}: ${own}\nof cpp: ${transcripts}")
endif()
foreach(file IN LISTS transcripts ITEMS manifest.json)
  run(${CMAKE_COMMAND} -E compare_files "${SOURCE}/plugin-template/cpp/${file}" "${template}/${file}")
endforeach()

if(VARIANT STREQUAL "rust")
  # Twice, so that also what is there already is packaged right.
  run(${CMAKE_COMMAND} -E env CARGO_TARGET_DIR=${WORK}/target "${template}/check" "${WORK}/sdk" package)
  run(${CMAKE_COMMAND} -E env CARGO_TARGET_DIR=${WORK}/target "${template}/check" "${WORK}/sdk" package)
  set(plugin "${template}/dist/lib/patchbay/plugins/template.so")
  set(package "${template}/dist/template.tar.gz")
  must_exist("${plugin}" "${package}" "${package}.sha256")
else()
  if(VARIANT STREQUAL "c")
    set(compiler "-DCMAKE_C_COMPILER=${CC}" "-DCMAKE_C_FLAGS=${FLAGS} -Wall -Wextra -Wpedantic -Werror")
  else()
    set(compiler "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")
  endif()
  set(configure ${CMAKE_COMMAND} -S "${template}" -B "${template}/build" -G "${GENERATOR}"
                "-DCMAKE_PREFIX_PATH=${WORK}/sdk" -DCMAKE_BUILD_TYPE=Debug ${compiler})
  run(${configure})
  run(${CMAKE_COMMAND} --build "${template}/build")
  run(ctest --test-dir "${template}/build" --output-on-failure --no-tests=error)
  run(cpack -G TGZ --config "${template}/build/CPackConfig.cmake" -B "${WORK}/package")
  file(GLOB package "${WORK}/package/template-*.tar.gz")
  must_exist("${package}.sha256")
  set(plugin "${template}/build/lib/patchbay/plugins/template.so")
endif()

# The package holds the file where the gateway looks for it, and the hash is of the package.
file(ARCHIVE_EXTRACT INPUT "${package}" DESTINATION "${WORK}/unpacked")
file(GLOB_RECURSE unpacked "${WORK}/unpacked/*")
if(NOT unpacked MATCHES "/lib/patchbay/plugins/template.so$")
  message(FATAL_ERROR "the package holds: ${unpacked}")
endif()
file(SHA256 "${package}" hash)
file(READ "${package}.sha256" said)
if(NOT said MATCHES "^${hash} ")
  message(FATAL_ERROR "${package}.sha256 says ${said}, the hash is ${hash}")
endif()

# Only the entry is exported, and the manifest in the file is the very file.
find_program(NM nm REQUIRED)
find_program(OBJCOPY objcopy REQUIRED)
execute_process(COMMAND ${NM} -D --defined-only "${plugin}" OUTPUT_VARIABLE symbols)
string(REGEX REPLACE "[0-9a-f]+ [A-Z] " "" symbols "${symbols}")
string(STRIP "${symbols}" symbols)
if(NOT symbols STREQUAL "bay_entry_v0")
  message(FATAL_ERROR "exported besides bay_entry_v0:\n${symbols}")
endif()
run(${OBJCOPY} -O binary --only-section=.bay_manifest "${plugin}" "${WORK}/manifest.json")
run(${CMAKE_COMMAND} -E compare_files "${WORK}/manifest.json" "${template}/manifest.json")
if(VARIANT STREQUAL "rust")
  return()
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
