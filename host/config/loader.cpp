#include "config/loader.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <memory>

#include "config/health_settings.hpp"
#include "config/known_keys.hpp"
#include "config/losses.hpp"
#include "config/merge.hpp"
#include "config/reader.hpp"
#include "config/reference.hpp"
#include "config/sections.hpp"

namespace patchbay {
namespace {

using Variables = std::map<std::string, std::string>;

/// `environment_variables`; each may refer to those before it. An entry that cannot be used is left
/// out: whoever refers to it is told.
void read_variables(Reader& reader, const Entry& section, Variables& variables) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        const std::string& name = entry.key->text;
        const auto left_out = [&](const std::string& why) {
            // Without it nobody would be asked for a key; an empty one is an error later on.
            if (name == "LITELLM_MASTER_KEY") variables[name].clear();
            reader.problems().left_out(entry.place(),
                                       "a variable of `environment_variables` is "
                                       "left out: " +
                                           why);
        };
        if (entry.value->kind > yaml::Node::Kind::scalar) {
            left_out("expected text, found " + std::string(kind_name(*entry.value)));
            continue;
        }
        const auto reference = parse_reference(entry.value->text);
        if (reference && !reference->token_source && !reader.environment()(reference->variable)) {
            left_out(unset_message(reference->variable));
            continue;
        }
        auto found = reader.scalar(*entry.value);
        if (!found) continue;
        if (std::holds_alternative<std::monostate>(found->value)) {
            if (name == "LITELLM_MASTER_KEY" && !reader.environment()(name)) left_out("no value");
            continue;  // as it is in the process's environment
        }
        auto* text = std::get_if<std::string>(&found->value);
        variables[name] = text ? std::move(*text) : entry.value->text;
    }
}

/// A section that another of its name replaced may have held a lock.
void tell_replaced(const MergedFiles& files, Reader& reader) {
    for (const yaml::Member& earlier : files.replaced) {
        const yaml::Member* now = files.find(earlier.key->text);
        const yaml::Node* instead =
            now != nullptr && now->value->kind == yaml::Node::Kind::map ? now->value : nullptr;
        const std::string_view guard =
            lost_guard(reader, earlier.key->text, *earlier.value, instead);
        if (guard.empty()) continue;
        reader.problems().error((now != nullptr ? now->key : earlier.key)->place(),
                                "this section replaces the one at " + earlier.key->place().text() +
                                    ", whose `" + std::string(guard) + "` is lost, so " +
                                    std::string(loss_of(guard).words));
    }
}

/// Guards in LiteLLM's old spellings come before the `guardrails`, whose names they must not share:
/// entries of one name stand in for each other.
void move_guardrails(Config& config) {
    auto& old = config.litellm.guardrails;
    for (GuardrailConfig& guardrail : old) {
        const bool taken = std::any_of(config.guardrails.begin(), config.guardrails.end(),
                                       [&](const GuardrailConfig& other) {
                                           return other.guardrail_name == guardrail.guardrail_name;
                                       });
        if (taken) guardrail.guardrail_name += ".callback";
    }
    config.guardrails.insert(config.guardrails.begin(), std::make_move_iterator(old.begin()),
                             std::make_move_iterator(old.end()));
    old.clear();
}

void read_unknown_sections(const MergedFiles& files, Reader& reader) {
    const SectionKeys known = top_level_keys();
    for (const yaml::Member& member : files.sections) {
        const Entry entry{{}, member.key, member.value};
        if (contains(known.done, entry.name())) continue;
        if (contains(known.not_done, entry.name())) {
            warn_not_done(reader, entry);
        } else {
            warn_unknown(reader, entry, known.done, known.not_done);
        }
    }
}

/// `plugins_wrong`: set if the section `plugins` has an error.
Config read_sections(const MergedFiles& files, Reader& reader, Variables& variables,
                     const std::filesystem::path& directory, bool& plugins_wrong) {
    Config config;
    const auto with = [&files](std::string_view name, auto&& read) {
        const yaml::Member* member = files.find(name);
        if (member != nullptr) read(Entry{{}, member->key, member->value});
    };
    with("environment_variables",
         [&](const Entry& entry) { read_variables(reader, entry, variables); });
    const yaml::Member* general = files.find("general_settings");
    const Entry general_entry{
        {}, general ? general->key : nullptr, general ? general->value : nullptr};
    read_general_settings(reader, general ? &general_entry : nullptr, config.general);
    Credentials credentials;
    with("credential_list",
         [&](const Entry& entry) { credentials = read_credentials(reader, entry); });
    with("litellm_settings",
         [&](const Entry& entry) { read_litellm_settings(reader, entry, config.litellm); });
    finish_links_with_environment(reader, config.litellm.links);
    if (std::string& table = config.litellm.prices.table; !table.empty()) {
        table = (directory / table).string();
    }
    with("callback_settings",
         [&](const Entry& entry) { read_callback_settings(reader, entry, config.litellm); });
    join_callback_settings(config.litellm);
    with("router_settings",
         [&](const Entry& entry) { read_router_settings(reader, entry, config.router); });
    with("model_list", [&](const Entry& entry) {
        read_model_list(reader, entry, credentials, config.model_list);
    });
    with("guardrails",
         [&](const Entry& entry) { read_guardrails(reader, entry, config.guardrails); });
    move_guardrails(config);
    config.router.routing.fallbacks.add_missing(config.litellm.fallbacks);
    join_health(config);
    const std::size_t errors = reader.problems().errors();
    with("plugins",
         [&](const Entry& entry) { read_plugins(reader, entry, directory, config.plugins); });
    plugins_wrong = reader.problems().errors() != errors;
    if (boost::json::object& vertex = config.litellm.vertex_ai; !vertex.empty()) {
        boost::json::object& own = config.plugins.settings["vertex_ai"];
        for (auto& [name, value] : vertex) own.emplace(name, std::move(value));
    }
    read_unknown_sections(files, reader);
    tell_replaced(files, reader);
    return config;
}

/// What is half read would only be told of once more. True if there is any.
bool take_out_half_read(Config& config) {
    return std::erase_if(config.model_list,
                         [](const DeploymentConfig& one) {
                             return one.model.empty() || one.model_name.empty();
                         }) +
               std::erase_if(config.guardrails,
                             [](const GuardrailConfig& one) {
                                 return one.guardrail.empty() || one.guardrail_name.empty();
                             }) >
           0;
}

void load(std::string_view text, const std::string& name, const std::filesystem::path& directory,
          Problems& problems, const std::shared_ptr<Variables>& variables, LoadedConfig& loaded) {
    const MergedFiles files = merge_files(text, name, directory, problems);
    const bool readable = !problems.has_errors();
    Reader reader(problems, loaded.environment);
    bool plugins_wrong = false;
    Config config = read_sections(files, reader, *variables, directory, plugins_wrong);
    if (!problems.has_errors()) {
        loaded.config = std::move(config);
    } else if (readable && !plugins_wrong) {
        loaded.half_read = take_out_half_read(config);
        loaded.draft = std::move(config);
    }
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
        loaded.draft.reset();
        problems.error({name, 0, 0}, "cannot be read: an unforeseen failure inside the loader");
    }
    loaded.environment = without_blank_ends(std::move(loaded.environment));
    loaded.files = problems.files();
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
