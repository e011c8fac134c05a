#include <array>
#include <charconv>

#include "config/sections.hpp"

namespace patchbay {
namespace {

void read_isolation(Reader& reader, const Entry& entry, PluginOptions& options) {
    constexpr std::string_view kExpected = "process or none";
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind != yaml::Node::Kind::scalar) return reader.wrong(entry, kExpected);
    const auto found = reader.scalar(*entry.value);
    if (!found) return;
    const auto* text = std::get_if<std::string>(&found->value);
    if (text == nullptr || (*text != "process" && *text != "none")) {
        return reader.wrong(
            entry.quoted(), entry.place(), kExpected,
            text != nullptr ? std::string_view("other text") : kind_name(found->value));
    }
    options.isolated = *text == "process";
}

/// "5%" as 0.05.
void read_canary(Reader& reader, const Entry& entry, PluginOptions& options) {
    constexpr std::string_view kExpected = "a percentage above 0% and up to 100%, such as 5%";
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind != yaml::Node::Kind::scalar) return reader.wrong(entry, kExpected);
    const auto found = reader.scalar(*entry.value);
    if (!found) return;
    double percent = 0;
    const auto* text = std::get_if<std::string>(&found->value);
    if (text != nullptr && text->ends_with('%')) {
        const char* end = text->data() + text->size() - 1;
        const auto [stop, ec] = std::from_chars(text->data(), end, percent);
        if (ec != std::errc() || stop != end) percent = 0;
    }
    if (!(percent > 0 && percent <= 100)) {
        const std::string_view what =
            text != nullptr ? std::string_view("other text") : kind_name(found->value);
        return reader.wrong(entry.quoted(), entry.place(), kExpected, what);
    }
    options.canary = percent / 100;
}

void read_reload(Reader& reader, const Entry& entry, PluginSettings& settings) {
    constexpr std::string_view kExpected = "signal, watch or off";
    if (entry.value->kind == yaml::Node::Kind::null) return;
    if (entry.value->kind != yaml::Node::Kind::scalar) return reader.wrong(entry, kExpected);
    const auto found = reader.scalar(*entry.value);
    if (!found) return;
    const auto* text = std::get_if<std::string>(&found->value);
    const auto* truth = std::get_if<bool>(&found->value);
    if ((truth != nullptr && !*truth) || (text != nullptr && *text == "off")) {
        settings.reload = PluginReload::off;  // YAML 1.1 takes a plain `off` for false
    } else if (text != nullptr && *text == "signal") {
        settings.reload = PluginReload::signal;
    } else if (text != nullptr && *text == "watch") {
        settings.reload = PluginReload::watch;
    } else {
        reader.wrong(entry.quoted(), entry.place(), kExpected,
                     text != nullptr ? std::string_view("other text") : kind_name(found->value));
    }
}

constexpr std::array kOptionFields = {
    Field<PluginOptions>{"canary", read_canary},
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
    Field<PluginOptions>{"isolation", read_isolation},
};

/// A key with a dot is a plugin's id; the section's own keys have none.
bool is_plugin_id(const yaml::Member& member) {
    return member.key->text.find('.') != std::string::npos;
}

constexpr std::array kFields = {
    Field<PluginSettings>{"reload", read_reload},
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
    for (PlacedText& path : settings.directories) path.text = (directory / path.text).string();
    for (auto& [component, file] : settings.rows) file = (directory / file).string();
}

}  // namespace patchbay
