#include "config/loader.hpp"

#include <array>
#include <exception>
#include <map>
#include <memory>

#include "config/merge.hpp"
#include "config/reader.hpp"
#include "config/reference.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr auto kSections =
    std::to_array<std::string_view>({"environment_variables", "model_list", "litellm_settings",
                                     "router_settings", "general_settings", "credential_list",
                                     "guardrails", "callback_settings", "plugins", "include"});

/// `environment_variables`; each may refer to those before it.
void read_variables(Reader& reader, const Entry& section, Variables& variables) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        if (entry.value->kind != yaml::Node::Kind::scalar) {
            reader.wrong(entry, "text");
            continue;
        }
        auto found = reader.scalar(*entry.value);
        if (!found) continue;
        auto* text = std::get_if<std::string>(&found->value);
        variables[entry.key->text] = text ? std::move(*text) : entry.value->text;
    }
}

Config read_sections(const MergedFiles& files, Reader& reader, Variables& variables,
                     const std::filesystem::path& directory) {
    Config config;
    const auto with = [&files](std::string_view name, auto&& read) {
        const yaml::Member* member = files.find(name);
        if (member != nullptr) read(Entry{{}, member->key, member->value});
    };
    with("environment_variables",
         [&](const Entry& entry) { read_variables(reader, entry, variables); });
    Credentials credentials;
    with("credential_list",
         [&](const Entry& entry) { credentials = read_credentials(reader, entry); });
    with("litellm_settings",
         [&](const Entry& entry) { read_litellm_settings(reader, entry, config.litellm); });
    with("callback_settings", [&](const Entry& entry) {
        read_callback_settings(reader, entry, config.litellm.logging);
    });
    const yaml::Member* general = files.find("general_settings");
    const Entry general_entry{
        {}, general ? general->key : nullptr, general ? general->value : nullptr};
    read_general_settings(reader, general ? &general_entry : nullptr, config.general);
    with("router_settings",
         [&](const Entry& entry) { read_router_settings(reader, entry, config.router); });
    with("model_list", [&](const Entry& entry) {
        read_model_list(reader, entry, credentials, config.model_list);
    });
    with("guardrails",
         [&](const Entry& entry) { read_guardrails(reader, entry, config.guardrails); });
    with("plugins",
         [&](const Entry& entry) { read_plugins(reader, entry, directory, config.plugins); });
    for (const yaml::Member& member : files.sections) {
        const Entry entry{{}, member.key, member.value};
        if (contains(kSections, entry.name())) continue;
        if (contains(top_level_not_done(), entry.name())) {
            warn_not_done(reader, entry);
        } else {
            warn_unknown(reader, entry, kSections, top_level_not_done());
        }
    }
    return config;
}

void load(std::string_view text, const std::string& name, const std::filesystem::path& directory,
          Problems& problems, const std::shared_ptr<Variables>& variables, LoadedConfig& loaded) {
    const MergedFiles files = merge_files(text, name, directory, problems);
    Reader reader(problems, loaded.environment);
    Config config = read_sections(files, reader, *variables, directory);
    if (!problems.has_errors()) loaded.config = std::move(config);
}

/// `step` does the work; whatever it throws (no memory, a library's surprise) becomes a problem.
template <class Step>
LoadedConfig guarded(const std::string& name, const Environment& environment, Step step) {
    LoadedConfig loaded;
    const auto variables = std::make_shared<Variables>();
    loaded.environment = overlay(variables, environment);
    Problems problems;
    problems.begin_file(name);
    try {
        step(problems, variables, loaded);
    } catch (const std::exception&) {
        loaded.config.reset();
        problems.error({name, 0, 0}, "cannot be read: an unforeseen failure inside the loader");
    }
    loaded.problems = problems.take();
    return loaded;
}

}  // namespace

LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const Environment& environment) {
    return guarded(name, environment, [&](Problems& problems, const auto& variables, auto& loaded) {
        load(text, name, {}, problems, variables, loaded);
    });
}

LoadedConfig load_config(const std::filesystem::path& file, const Environment& environment) {
    const std::string name = file.string();
    return guarded(name, environment, [&](Problems& problems, const auto& variables, auto& loaded) {
        const auto text = read_text(file, {}, problems);
        if (text) load(*text, name, file.parent_path(), problems, variables, loaded);
    });
}

}  // namespace patchbay
