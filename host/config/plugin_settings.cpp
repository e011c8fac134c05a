#include <array>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::array kOptionFields = {
    Field<PluginOptions>{"egress",
                         [](Reader& reader, const Entry& entry, PluginOptions& options) {
                             if (!reader.is_list(entry)) return;
                             read_placed_texts(reader, entry, options.egress.emplace());
                         }},
    Field<PluginOptions>{"breaker",
                         [](Reader& reader, const Entry& entry, PluginOptions& options) {
                             if (!options.breaker) options.breaker.emplace();
                             read_breaker(reader, entry, *options.breaker);
                         }},
    Field<PluginOptions>{"feed_budget", into<&PluginOptions::feed_budget>},
};

/// A key with a dot is a plugin's id; the section's own keys have none.
bool is_plugin_id(const yaml::Member& member) {
    return member.key->text.find('.') != std::string::npos;
}

constexpr std::array kFields = {
    Field<PluginSettings>{"trust",
                          [](Reader& reader, const Entry& entry, PluginSettings& settings) {
                              read_plugin_trust(reader, entry, settings.trust);
                          }},
    Field<PluginSettings>{"breaker",
                          [](Reader& reader, const Entry& entry, PluginSettings& settings) {
                              read_breaker(reader, entry, settings.breaker);
                          }},
    Field<PluginSettings>{"feed_budget", into<&PluginSettings::feed_budget>},
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
    yaml::Node own = *section.value;
    std::erase_if(own.members, is_plugin_id);
    read_section<PluginSettings>(reader, section.name(), own, kFields, {}, settings);
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        if (!is_plugin_id(member) || !reader.is_map(entry)) continue;
        const std::string name = std::string(section.name()) + "." + member.key->text;
        PluginOptions& options = settings.plugins[member.key->text];
        options.breaker = settings.breaker;
        read_section<PluginOptions>(reader, name, *member.value, kOptionFields, {}, options);
    }
    for (PlacedText& key : settings.trust.ed25519) {
        if (is_file_name(key.text)) key.text = (directory / key.text).string();
    }
    for (std::string& path : settings.directories) path = (directory / path).string();
    for (auto& [component, file] : settings.rows) file = (directory / file).string();
}

}  // namespace patchbay
