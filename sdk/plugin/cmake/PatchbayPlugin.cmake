# How a plugin is built, in this tree and outside of it (find_package(Patchbay)).

set(PATCHBAY_SDK_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
include("${PATCHBAY_SDK_CMAKE_DIR}/PatchbayManifest.cmake")
if(NOT DEFINED PATCHBAY_PLUGIN_DIR)
  set(PATCHBAY_PLUGIN_DIR "${CMAKE_BINARY_DIR}/lib/patchbay/plugins")
endif()
option(PATCHBAY_PLUGIN_TESTS "Register the tests of a plugin: plugin-check, and every transcript" ON)

# patchbay::plugin_json: Boost.JSON and trees of all JSON (<patchbay/json_tree.hpp>), compiled once, for plugins to
# link. They become part of the plugin file and show no symbol, so they never meet another copy of Boost.JSON in the
# process. Absent without Boost, and in projects without C++.
set(PATCHBAY_JSON_DIR "${PATCHBAY_SDK_CMAKE_DIR}/json")
if(NOT EXISTS "${PATCHBAY_JSON_DIR}")
  cmake_path(SET PATCHBAY_JSON_DIR NORMALIZE "${PATCHBAY_SDK_CMAKE_DIR}/../json")
endif()
get_property(patchbay_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
if(NOT TARGET patchbay_plugin_json AND "CXX" IN_LIST patchbay_languages)
  find_package(Boost 1.81 QUIET)
  if(TARGET Boost::headers)
    file(GLOB patchbay_json_sources "${PATCHBAY_JSON_DIR}/*.cpp")
    list(FILTER patchbay_json_sources EXCLUDE REGEX "_test\\.cpp$")
    add_library(patchbay_plugin_json STATIC EXCLUDE_FROM_ALL "${PATCHBAY_SDK_CMAKE_DIR}/plugin_json.cpp"
                                                             ${patchbay_json_sources})
    target_include_directories(patchbay_plugin_json PUBLIC "${PATCHBAY_JSON_DIR}/include")
    add_library(patchbay::plugin_json ALIAS patchbay_plugin_json)
    target_compile_features(patchbay_plugin_json PUBLIC cxx_std_17)
    target_link_libraries(patchbay_plugin_json PUBLIC Boost::headers)
    set_target_properties(patchbay_plugin_json PROPERTIES POSITION_INDEPENDENT_CODE ON
                                                          CXX_VISIBILITY_PRESET hidden
                                                          VISIBILITY_INLINES_HIDDEN ON)
    target_compile_options(patchbay_plugin_json PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>
                                                        -ffunction-sections -fdata-sections)
  endif()
endif()

# patchbay_add_plugin(name SOURCES file... MANIFEST manifest.json [DATA file...] [LIBRARIES target...])
#
# Makes the module name.so in PATCHBAY_PLUGIN_DIR, with the DATA files beside it, and installs both to
# lib/patchbay/plugins. The manifest is checked at configure time and embedded byte for byte. The file
# exports bay_entry_v0 and nothing else. A project of plain C needs no C++ compiler. Every transcripts/*.txt
# beside the manifest becomes the test transcript.<name>.<file>; check.<name> runs plugin-check on the module
# with all of them. In the Patchbay tree the module joins the target patchbay_plugins.
function(patchbay_add_plugin name)
  cmake_parse_arguments(ARG "" "MANIFEST" "SOURCES;DATA;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "patchbay_add_plugin(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SOURCES OR NOT ARG_MANIFEST)
    message(FATAL_ERROR "patchbay_add_plugin(${name}): SOURCES and MANIFEST are needed")
  endif()

  cmake_path(ABSOLUTE_PATH ARG_MANIFEST OUTPUT_VARIABLE manifest)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${manifest}")
  patchbay_check_manifest("${manifest}" DATA ${ARG_DATA})
  string(MAKE_C_IDENTIFIER "bay_manifest_${name}" symbol)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(extension c)
  if("CXX" IN_LIST languages)
    set(extension cpp)
  endif()
  set(embedded "${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.${extension}")
  patchbay_embed_manifest("${manifest}" ${symbol} "${embedded}")

  add_library(${name} MODULE ${ARG_SOURCES} "${embedded}")
  target_link_libraries(${name} PRIVATE patchbay::abi ${ARG_LIBRARIES})
  if("CXX" IN_LIST languages)
    target_compile_features(${name} PRIVATE cxx_std_17)
  endif()
  # The size, so that C can have it in a constant expression.
  file(SIZE "${manifest}" manifest_size)
  target_compile_definitions(${name} PRIVATE BAY_MANIFEST_NAME=${symbol} BAY_MANIFEST_SIZE=${manifest_size})
  set_target_properties(
    ${name}
    PROPERTIES PREFIX ""
               SUFFIX ".so"
               LIBRARY_OUTPUT_DIRECTORY "${PATCHBAY_PLUGIN_DIR}"
               C_VISIBILITY_PRESET hidden
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               POSITION_INDEPENDENT_CODE ON
               LINK_DEPENDS "${PATCHBAY_SDK_CMAKE_DIR}/plugin.map")
  # Without this gcc marks inline statics STB_GNU_UNIQUE: two versions of a plugin would share them.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  # A file holds what it uses of the libraries that it links, not all of them.
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  target_link_options(${name} PRIVATE "LINKER:--version-script=${PATCHBAY_SDK_CMAKE_DIR}/plugin.map"
                      "LINKER:-z,now" "LINKER:--gc-sections")
  # A sanitizer's functions are in the program that loads the file, not in a library it could name.
  set(sanitized OFF)
  if(PATCHBAY_SANITIZE OR "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize" OR PATCHBAY_FUZZ)
    set(sanitized ON)
  endif()
  if(NOT sanitized)
    target_link_options(${name} PRIVATE "LINKER:-z,defs")
  endif()

  foreach(data IN LISTS ARG_DATA)
    cmake_path(ABSOLUTE_PATH data)
    cmake_path(GET data FILENAME data_name)
    # Whatever umask the sources were checked out with: the gateway takes no data that others may write.
    configure_file("${data}" "${PATCHBAY_PLUGIN_DIR}/${data_name}" COPYONLY FILE_PERMISSIONS OWNER_READ OWNER_WRITE
                                                                            GROUP_READ WORLD_READ)
    install(FILES "${data}" DESTINATION lib/patchbay/plugins)
  endforeach()
  install(TARGETS ${name} LIBRARY DESTINATION lib/patchbay/plugins)
  if(TARGET patchbay_plugins)
    add_dependencies(patchbay_plugins ${name})
  endif()

  cmake_path(GET manifest PARENT_PATH folder)
  if(PATCHBAY_PLUGIN_TESTS AND TARGET patchbay::transcript)
    file(GLOB transcripts CONFIGURE_DEPENDS "${folder}/transcripts/*.txt")
    foreach(transcript IN LISTS transcripts)
      cmake_path(GET transcript STEM test)
      add_test(NAME transcript.${name}.${test} COMMAND $<TARGET_FILE:patchbay::transcript> $<TARGET_FILE:${name}>
                                                          "${transcript}")
      set_tests_properties(transcript.${name}.${test} PROPERTIES TIMEOUT 120)
    endforeach()
  endif()
  # Sanitizers change what a file imports, allocates and asks of the kernel.
  if(PATCHBAY_PLUGIN_TESTS AND TARGET patchbay::check AND NOT sanitized)
    file(GLOB transcripts CONFIGURE_DEPENDS "${folder}/transcripts/*.txt")
    add_test(NAME check.${name} COMMAND $<TARGET_FILE:patchbay::check> --only-failed $<TARGET_FILE:${name}> ${transcripts})
    set_tests_properties(check.${name} PROPERTIES TIMEOUT 600)
  endif()
endfunction()
