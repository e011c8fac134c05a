#include <array>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::array kFields = {
    Field<PluginSettings>{"directories", into<&PluginSettings::directories>},
    Field<PluginSettings>{
        "rows",
        [](Reader& reader, const Entry& section, PluginSettings& settings) {
            if (!reader.is_map(section)) return;
            for (const yaml::Member& member : section.value->members) {
                std::string file;
                reader.read(Entry{"plugins.rows", member.key, member.value}, file);
                if (!file.empty()) settings.rows[member.key->text] = file;
            }
        }},
    Field<PluginSettings>{"settings",
                          [](Reader& reader, const Entry& section, PluginSettings& settings) {
                              if (!reader.is_map(section)) return;
                              for (const yaml::Member& member : section.value->members) {
                                  reader.read(Entry{"plugins.settings", member.key, member.value},
                                              settings.settings[member.key->text]);
                              }
                          }},
};

}  // namespace

void read_plugins(Reader& reader, const Entry& section, const std::filesystem::path& directory,
                  PluginSettings& settings) {
    if (!reader.is_map(section)) return;
    read_section<PluginSettings>(reader, section.name(), *section.value, kFields, {}, settings);
    for (std::string& path : settings.directories) path = (directory / path).string();
    for (auto& [component, file] : settings.rows) file = (directory / file).string();
}

}  // namespace patchbay
