#include "engine/surface/anthropic/client_tools.hpp"

#include <algorithm>
#include <array>

namespace patchbay::surface {

namespace {

struct ClientTool {
    std::string_view type_prefix;
    std::string_view name;
    std::string_view description;
    std::string_view parameters;
};

// From the pages of the tools in Anthropic's documentation: what the model writes into a call.
constexpr std::array kClientTools{
    ClientTool{"bash_", "bash",
               "Runs a command in a shell that keeps its state between calls, and gives back what "
               "it printed.",
               R"({"type":"object","properties":{
"command":{"type":"string","description":"The command to run. Required unless restart is true."},
"restart":{"type":"boolean","description":"True starts the shell anew."}}})"},
    ClientTool{"text_editor_", "str_replace_based_edit_tool",
               "Shows, makes and changes text files.",
               R"({"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert"],"description":"view shows a file or a directory; create writes a file; str_replace replaces a text that stands once in the file; insert puts text behind a line."},
"path":{"type":"string","description":"Absolute path of the file or directory."},
"file_text":{"type":"string","description":"For create: the whole text of the file."},
"old_str":{"type":"string","description":"For str_replace: the text to be replaced, exactly as it stands in the file."},
"new_str":{"type":"string","description":"For str_replace: the text to put in its place."},
"insert_line":{"type":"integer","description":"For insert: the line behind which the text goes; 0 is the beginning of the file."},
"insert_text":{"type":"string","description":"For insert: the text."},
"view_range":{"type":"array","items":{"type":"integer"},"description":"For view: first and last line, counted from 1; -1 is the end of the file."}},
"required":["command","path"]})"},
    ClientTool{"memory_", "memory",
               "Keeps notes between conversations as files under /memories. Look there first.",
               R"({"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert","delete","rename"]},
"path":{"type":"string","description":"Path under /memories, for every command but rename."},
"view_range":{"type":"array","items":{"type":"integer"},"description":"For view: first and last line, counted from 1."},
"file_text":{"type":"string","description":"For create: the whole text of the file."},
"old_str":{"type":"string","description":"For str_replace: the text to be replaced, exactly as it stands in the file."},
"new_str":{"type":"string","description":"For str_replace: the text to put in its place."},
"insert_line":{"type":"integer","description":"For insert: the line behind which the text goes; 0 is the beginning of the file."},
"insert_text":{"type":"string","description":"For insert: the text."},
"old_path":{"type":"string","description":"For rename."},
"new_path":{"type":"string","description":"For rename."}},
"required":["command"]})"},
};

}  // namespace

json::object client_tool(std::string_view type, std::string_view name) {
    const auto* tool =
        std::find_if(kClientTools.begin(), kClientTools.end(),
                     [&](const ClientTool& row) { return type.starts_with(row.type_prefix); });
    if (tool == kClientTools.end()) return {};
    return {{"name", name.empty() ? tool->name : name},
            {"description", tool->description},
            {"parameters", json::parse(tool->parameters)}};
}

}  // namespace patchbay::surface
