#include "worlds.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "about.hpp"
#include "config/loader.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/state_directory.hpp"
#include "engine/world/group_maker.hpp"
#include "engine/world/provider_name.hpp"
#include "json_members.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

// A program that has one deployment wants to hear its failure, not that it rests.
constexpr std::string_view kAdHocConfig = "router_settings: {disable_cooldowns: true}\n";
constexpr std::string_view kCallPlace = "the call";

PluginSetOptions plugin_options(const WorldOptions& options, const Config& config,
                                std::shared_ptr<Retirement> retirement) {
    PluginSetOptions set;
    for (const PlacedText& directory : config.plugins.directories) {
        set.directories.emplace_back(directory.text);
        set.directory_places.emplace(directory.text, directory.place);
    }
    if (set.directories.empty()) {
        for (const std::string& directory : options.plugin_directories) {
            set.directories.emplace_back(directory);
        }
    }
    set.cache_directory = state_directory() / "plugins";
    set.map_late = true;
    set.settings = config.plugins;
    set.retirement = std::move(retirement);
    return set;
}

LoadedConfig load(const WorldOptions& options) {
    if (!options.config_file.empty())
        return load_config(options.config_file, process_environment());
    const bool given = !options.config.empty();
    return load_config_text(given ? std::string_view(options.config) : kAdHocConfig,
                            "the configuration", process_environment());
}

// Why a configuration that is said to hold settings alone cannot be used.
std::optional<Problem> models_among_settings(const WorldOptions& options, const Config& config) {
    if (!options.settings_only || config.model_list.empty()) return std::nullopt;
    return Problem{Problem::Severity::error, config.model_list.front().place,
                   "model_list: calls of this client name their own deployments", false};
}

std::string_view given_provider(const RequestParts& parts) {
    return text_member(parts.deployment, "custom_llm_provider");
}

/// What the call says of its deployment, for one of its models. A fallback of another provider has its
/// own key and address: those of the call are for the first one, and not for others to see.
json::object params_for(const Fallback& asked, const RequestParts& parts,
                        const PluginSet& plugins) {
    const std::string own = provider_of(parts.model, given_provider(parts), {}, plugins).provider;
    const std::string_view named = text_member(asked.deployment, "custom_llm_provider");
    const std::string other = provider_of(asked.model, named, {}, plugins).provider;
    const bool same_name = asked.model == parts.model && named.empty();
    json::object params;
    if (same_name || other.empty() || other == own) {
        params = parts.deployment;
    } else {
        for (const std::string_view name : {"num_retries", "ssl_verify"}) {
            if (const auto* value = parts.deployment.if_contains(name)) params[name] = *value;
        }
    }
    for (const auto& [name, value] : asked.deployment) params[name] = value;
    return params;
}

/// The `model_list` entry for a model, with what the call, or its fallback, says of its deployment.
json::object entry_of(const Fallback& asked, const RequestParts& parts, const PluginSet& plugins) {
    const std::string& model = asked.model;
    if (!parts.mocked) {
        json::object params = params_for(asked, parts, plugins);
        params["model"] = model;
        return {{"model_name", asked.name}, {"litellm_params", std::move(params)}};
    }
    // Whoever would serve it, the demo provider answers, under the name and at the price that they
    // have for it; a failure that is asked for is wanted, so nothing is tried again.
    const ProviderModel meant = provider_of(model, given_provider(parts), {}, plugins);
    json::object params{
        {"model", meant.model}, {"custom_llm_provider", "demo"}, {"num_retries", 0}};
    for (const auto& [name, value] : parts.deployment) {
        if (meter::is_price_field(name)) params[name] = value;
    }
    json::object info{{kMockedProvider, meant.provider}};
    if (!meant.provider.empty()) info["base_model"] = meant.provider + "/" + meant.model;
    return {{"model_name", asked.name},
            {"litellm_params", std::move(params)},
            {"model_info", std::move(info)}};
}

Error refusal(const std::vector<Problem>& problems, const std::string& model) {
    Error error = bad_request("", "model");
    for (const Problem& problem : problems) {
        const bool counts = problem.severity == Problem::Severity::error || problem.left_out;
        if (!counts) continue;
        error.message += (error.message.empty() ? "" : "; ") + problem.message;
    }
    if (error.message.empty()) error.message = "model '" + model + "' cannot be served";
    return error;
}

// LiteLLM's words for a name that says nothing.
Error no_provider(const std::string& model) {
    return bad_request(
        "litellm.BadRequestError: LLM Provider NOT provided. Pass in the LLM provider you are "
        "trying "
        "to call. You passed model=" +
            model +
            "\n Pass model as E.g. For 'Huggingface' inference endpoints pass in "
            "`completion(model='huggingface/starcoder',..)`",
        "model");
}

std::string key_of(const RequestParts& parts) {
    json::array models{parts.mocked, json::string(parts.model)};
    for (const Fallback& fallback : parts.fallbacks) {
        models.emplace_back(fallback.name);
        models.emplace_back(fallback.deployment);
    }
    return json_tree::write(models) + json_tree::write(parts.deployment);
}

}  // namespace

std::unique_ptr<Worlds> Worlds::open(const WorldOptions& options, std::vector<Problem>& problems) {
    std::unique_ptr<Worlds> worlds(new Worlds);
    worlds->ad_hoc_ =
        options.settings_only || (options.config.empty() && options.config_file.empty());
    worlds->retirement_ = std::make_shared<Retirement>([] {});
    LoadedConfig loaded = load(options);
    problems = std::move(loaded.problems);
    if (!loaded.config) return nullptr;
    if (auto refused = models_among_settings(options, *loaded.config)) {
        problems.push_back(std::move(*refused));
        return nullptr;
    }
    // Who calls is who configures.
    loaded.config->router.routing.allow_mock_testing = true;
    const PluginSetOptions set = plugin_options(options, *loaded.config, worlds->retirement_);
    auto plugins = PluginSet::load(set, problems);
    worlds->base_ = build_snapshot(std::move(*loaded.config), loaded.environment,
                                   std::move(plugins), 1, problems);
    if (!worlds->base_) return nullptr;
    return worlds;
}

Worlds::~Worlds() {
    by_key_.clear();
    made_.clear();
    base_.reset();
    // Plugins that other clients still use come here at their end, when nobody runs it any more.
    if (retirement_) retirement_->close();
}

Result<std::shared_ptr<const Snapshot>> Worlds::world_for(const RequestParts& parts) {
    const bool by_call = parts.readable && !parts.model.empty() && (ad_hoc_ || parts.mocked);
    if (!by_call) return base_;
    std::string key = key_of(parts);
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        const auto at = found->second;
        const Environment environment = process_environment();
        const bool same = std::all_of(
            at->variables.begin(), at->variables.end(),
            [&](const auto& variable) { return environment(variable.first) == variable.second; });
        if (same) {
            made_.splice(made_.begin(), made_, at);
            return at->world;
        }
        by_key_.erase(found);
        made_.erase(at);
    }
    auto made = make(std::move(key), parts);
    if (!made) return made.error();
    made_.push_front(std::move(*made));
    by_key_.emplace(made_.front().key, made_.begin());
    if (made_.size() > kMostKept) {
        by_key_.erase(made_.back().key);
        made_.pop_back();
    }
    auto world = made_.front().world;
    retirement_->run();
    return world;
}

Result<Worlds::Made> Worlds::make(std::string key, const RequestParts& parts) const {
    const PluginSet& plugins = *base_->plugins;
    std::vector<Fallback> models{{parts.model, parts.model, {}}};
    models.insert(models.end(), parts.fallbacks.begin(), parts.fallbacks.end());
    json::array list;
    for (const Fallback& asked : models) {
        const bool known = std::any_of(list.begin(), list.end(), [&](const json::value& entry) {
            return entry.at("model_name").as_string() == asked.name;
        });
        if (known) continue;
        list.push_back(entry_of(asked, parts, plugins));
    }
    const json::object config{{"model_list", std::move(list)},
                              {"router_settings", {{"disable_cooldowns", true}}}};

    Made made{std::move(key), nullptr, {}};
    const auto seen = std::make_shared<Variables>();
    const Environment environment = [seen,
                                     process = process_environment()](const std::string& name) {
        auto value = process(name);
        seen->emplace_back(name, value);
        return value;
    };
    LoadedConfig loaded =
        load_config_text(json_tree::write(config), std::string(kCallPlace), environment);
    std::vector<Problem> problems = std::move(loaded.problems);
    if (loaded.config) {
        loaded.config->router.routing.allow_mock_testing = true;
        loaded.config->litellm = base_->config.litellm;
        // What cannot be had was told when the client was opened.
        std::erase_if(loaded.config->litellm.logging.callbacks, [&](const CallbackConfig& sink) {
            const auto& missing = base_->left_out_sinks;
            return std::find(missing.begin(), missing.end(), sink.name) != missing.end();
        });
        made.world = build_snapshot(std::move(*loaded.config), loaded.environment, base_->plugins,
                                    1, problems, base_.get());
    }
    const ModelGroup* group = made.world ? find_group(*made.world, parts.model) : nullptr;
    if (group == nullptr || group->deployments.empty()) {
        const auto meant = provider_of(parts.model, given_provider(parts), {}, plugins);
        if (meant.found == ProviderModel::Found::no_provider) {
            return no_provider(parts.model);
        }
        return refusal(problems, parts.model);
    }
    made.variables = std::move(*seen);
    std::sort(made.variables.begin(), made.variables.end());
    made.variables.erase(std::unique(made.variables.begin(), made.variables.end()),
                         made.variables.end());
    return made;
}

}  // namespace patchbay::client
