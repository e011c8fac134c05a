# Checks a plugin's manifest.json and turns it into a source file that holds its very bytes.

# patchbay_check_manifest(file [DATA file...]): stops the configuration with every fault it finds, named by
# JSON pointer. DATA: the data files of the plugin; "rows" must name one of them.
function(patchbay_check_manifest file)
  cmake_parse_arguments(ARG "" "" "DATA" ${ARGN})
  set(faults)
  file(READ "${file}" text)
  string(JSON type ERROR_VARIABLE error TYPE "${text}")
  if(error)
    message(FATAL_ERROR "${file}: not valid JSON: ${error}")
  elseif(NOT type STREQUAL "OBJECT")
    message(FATAL_ERROR "${file}: must be a JSON object, is ${type}")
  endif()

  # member(out pointer type required path...): value of a member if it has the type, else a fault.
  macro(member out pointer want required)
    string(JSON ${out} ERROR_VARIABLE error GET "${text}" ${ARGN})
    string(JSON found ERROR_VARIABLE type_error TYPE "${text}" ${ARGN})
    if(error)
      set(${out})
      if(${required})
        list(APPEND faults "${pointer}: missing")
      endif()
    elseif(NOT found STREQUAL "${want}")
      set(${out})
      list(APPEND faults "${pointer}: must be a JSON ${want}, is ${found}")
    endif()
  endmacro()

  member(id /id STRING TRUE id)
  if(id AND NOT id MATCHES "^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$")
    list(APPEND faults "/id: '${id}' is no reverse domain name such as com.example.thing")
  endif()
  member(version /version STRING TRUE version)
  if(version AND NOT version MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+([-+][0-9A-Za-z.+-]+)?$")
    list(APPEND faults "/version: '${version}' is no semantic version such as 1.4.0")
  endif()
  member(abi /abi STRING TRUE abi)
  if(abi AND NOT abi STREQUAL "0.3")
    list(APPEND faults "/abi: '${abi}'; this SDK builds for \"0.3\"")
  endif()
  foreach(name IN ITEMS license name vendor homepage)
    member(ignored /${name} STRING FALSE ${name})
  endforeach()

  member(components /components ARRAY TRUE components)
  if(components)
    string(JSON count LENGTH "${text}" components)
    if(count EQUAL 0)
      list(APPEND faults "/components: empty; name at least one")
    else()
      set(seen)
      math(EXPR last "${count} - 1")
      foreach(i RANGE ${last})
        set(at /components/${i})
        member(kind ${at}/kind STRING TRUE components ${i} kind)
        if(kind AND NOT kind MATCHES "^[a-z0-9_.-]+/[0-9]+$")
          list(APPEND faults "${at}/kind: '${kind}' is no kind such as bay.provider/1")
        endif()
        member(id ${at}/id STRING TRUE components ${i} id)
        if(id AND NOT id MATCHES "^[a-z0-9][a-z0-9_-]*$")
          list(APPEND faults "${at}/id: '${id}' must match [a-z0-9][a-z0-9_-]*")
        endif()
        if("${kind} ${id}" IN_LIST seen)
          list(APPEND faults "${at}/id: '${id}' occurs twice for kind ${kind}")
        endif()
        list(APPEND seen "${kind} ${id}")
        foreach(name IN ITEMS operations features egress names)
          member(ignored ${at}/${name} ARRAY FALSE components ${i} ${name})
        endforeach()
        foreach(name IN ITEMS config_schema config_env guardrail)
          member(ignored ${at}/${name} OBJECT FALSE components ${i} ${name})
        endforeach()
        member(provider ${at}/provider OBJECT FALSE components ${i} provider)
        if(kind STREQUAL "bay.provider/1" AND provider)
          member(rows ${at}/provider/rows STRING FALSE components ${i} provider rows)
          member(prefixes ${at}/provider/prefixes ARRAY FALSE components ${i} provider prefixes)
          foreach(name IN ITEMS settings params)
            member(ignored ${at}/provider/${name} ARRAY FALSE components ${i} provider ${name})
          endforeach()
          if(NOT rows AND NOT prefixes)
            list(APPEND faults "${at}/provider: needs \"prefixes\" or \"rows\"")
          endif()
          if(rows)
            set(names)
            foreach(data IN LISTS ARG_DATA)
              cmake_path(GET data FILENAME data_name)
              list(APPEND names "${data_name}")
            endforeach()
            if(NOT rows IN_LIST names)
              list(APPEND faults "${at}/provider/rows: '${rows}' is not among the DATA files")
            endif()
          endif()
        elseif(kind STREQUAL "bay.provider/1")
          list(APPEND faults "${at}/provider: missing (which model prefixes does it serve?)")
        endif()
      endforeach()
    endif()
  endif()

  if(faults)
    list(JOIN faults "\n  " shown)
    message(FATAL_ERROR "${file}: not a plugin manifest:\n  ${shown}")
  endif()
endfunction()

# patchbay_embed_manifest(file symbol output): writes a source, valid as C and as C++, that defines `symbol`, the
# bytes of the file in section .bay_manifest, and `symbol_size`.
function(patchbay_embed_manifest file symbol output)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "((.......){16})" "\\1\n" bytes "${bytes}")
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT [[
/* Generated from @file@. */
#include <patchbay/entry.h>
#ifdef __cplusplus
extern "C" {
#endif
extern const char @symbol@[];
extern const size_t @symbol@_size;
BAY_MANIFEST_SECTION const char @symbol@[] = {
@bytes@
};
const size_t @symbol@_size = sizeof @symbol@;
#ifdef __cplusplus
}
#endif
]])
endfunction()
