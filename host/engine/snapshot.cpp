#include "engine/snapshot.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "engine/http/url.hpp"
#include "engine/known_secrets.hpp"
#include "engine/plugins/crypto.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_version.hpp"
#include "engine/router/provider_name.hpp"
#include "engine/router/wildcard.hpp"

namespace patchbay {

namespace {

using std::chrono::milliseconds;

// LiteLLM's documented default for a whole request.
constexpr milliseconds kDefaultTimeout{600'000};

std::string deployment_id(const DeploymentConfig& config, std::string_view provider) {
    if (const auto* id = config.model_info.if_contains("id")) {
        if (id->is_string()) return std::string(id->get_string());
        if (id->is_int64()) return std::to_string(id->get_int64());  // as LiteLLM
    }
    return sha256_hex(config.model_name + '\n' + config.model + '\n' + std::string(provider) +
                      '\n' + config.api_base + '\n' + sha256_hex(config.api_key.reveal()) + '\n' +
                      boost::json::serialize(config.params) +
                      boost::json::serialize(config.defaults));
}

std::string first_set(const std::vector<std::string>& names, const Environment& environment) {
    for (const std::string& name : names) {
        if (auto value = environment(name); value && !value->empty()) return *value;
    }
    return {};
}

std::string shown_base(std::string_view url) {
    std::string shown(url.substr(0, url.find('?')));
    const std::size_t scheme = shown.find("://");
    const std::size_t at = shown.find('@');
    if (scheme != std::string::npos && at != std::string::npos &&
        at < shown.find('/', scheme + 3)) {
        shown.erase(scheme + 3, at - scheme - 2);
    }
    return shown;
}

std::vector<BodyMember> members_of(const boost::json::object& object) {
    std::vector<BodyMember> members;
    for (const auto& [name, value] : object) {
        members.emplace_back(boost::json::serialize(boost::json::string(name)),
                             boost::json::serialize(value));
    }
    return members;
}

class Builder {
  public:
    Builder(Config config, const Environment& environment, std::shared_ptr<const PluginSet> plugins,
            std::vector<Problem>& problems, const Snapshot* previous)
        : environment_(environment),
          problems_(problems),
          previous_(previous),
          snapshot_(std::make_shared<Snapshot>()) {
        snapshot_->config = std::move(config);
        snapshot_->plugins = std::move(plugins);
    }

    std::shared_ptr<const Snapshot> build(std::uint64_t generation) {
        snapshot_->generation = generation;
        for (const GuardrailConfig& entry : snapshot_->config.guardrails) add_guardrail(entry);
        for (const CallbackConfig& entry : snapshot_->config.litellm.logging.callbacks) {
            add_log_sink(entry);
        }
        for (const DeploymentConfig& entry : snapshot_->config.model_list) add(entry);
        add_ids();
        add_aliases();
        std::stable_sort(
            snapshot_->wildcards.begin(), snapshot_->wildcards.end(),
            [](const ModelGroup& a, const ModelGroup& b) { return more_specific(a.name, b.name); });
        snapshot_->secrets = known_secrets(*snapshot_);
        return failed_ ? nullptr : snapshot_;
    }

  private:
    void report(Problem::Severity severity, const Place& place, std::string message) {
        failed_ = failed_ || severity == Problem::Severity::error;
        problems_.push_back({severity, place, std::move(message)});
    }

    void add(const DeploymentConfig& entry) {
        const PluginSet& plugins = *snapshot_->plugins;
        if (entry.model == "*" && entry.custom_llm_provider.empty()) {
            add_every_provider(entry);
            return;
        }
        const bool mocked = entry.params.contains("mock_response") && plugins.provider("demo");
        const std::string_view provider =
            mocked ? std::string_view("demo") : entry.custom_llm_provider;
        const auto target = provider_of(entry.model, provider, plugins);
        if (!target) {
            report(Problem::Severity::error, entry.place,
                   "model '" + entry.model +
                       "': no loaded plugin provides it; a model is named provider/model, and "
                       "`patchbay plugins` lists the providers");
            return;
        }
        add_deployment(entry, *target->row, target->model, entry.model_name, true);
    }

    // `model: "*"`: the client's own "provider/model" says where it goes.
    void add_every_provider(const DeploymentConfig& entry) {
        for (const auto& [prefix, row] : snapshot_->plugins->providers()) {
            const bool reachable = !row.base_url.empty() || !entry.api_base.empty() ||
                                   !first_set(row.api_base_env, environment_).empty() ||
                                   row.component->egress.empty();
            if (reachable) add_deployment(entry, row, "*", prefix + "/*", false);
        }
        for (const BareName& name : bare_names()) {
            if (const ProviderRow* row = snapshot_->plugins->provider(name.provider)) {
                add_deployment(entry, *row, std::string(name.prefix) + "*",
                               std::string(name.prefix) + "*", false);
            }
        }
        list(entry.model_name);
    }

    void add_deployment(const DeploymentConfig& entry, const ProviderRow& row,
                        const std::string& model, const std::string& group, bool listed) {
        auto d = make_deployment(entry, row, model, group, listed);
        if (!d) return;
        if (const PluginEntry* plugin = snapshot_->plugins->on_trial(row)) {
            const ProviderRow* newer = snapshot_->plugins->trial_provider(row.prefix);
            if (newer == nullptr) {
                report(Problem::Severity::error, entry.place,
                       "model '" + entry.model + "': the new version of plugin " + plugin->id() +
                           " does not provide '" + row.prefix + "'");
                return;
            }
            d->canary = make_deployment(entry, *newer, model, group, false);
            if (!d->canary) return;
            d->trial = plugin->trial;
            d->canary_share = canary_share(plugin->id());
        }
        enter(std::move(d), listed);
    }

    double canary_share(const std::string& plugin) const {
        const auto& options = snapshot_->plugins->settings().plugins;
        const auto found = options.find(plugin);
        return found == options.end() ? 0 : found->second.canary.value_or(0);
    }

    /// nullptr if it cannot be served; that was reported then.
    std::unique_ptr<Deployment> make_deployment(const DeploymentConfig& entry,
                                                const ProviderRow& row, std::string model,
                                                const std::string& group, bool listed) {
        const Config& config = snapshot_->config;
        auto d = std::make_unique<Deployment>();
        d->group = group;
        d->configured = entry.model;
        d->provider = row.prefix;
        d->model = std::move(model);
        d->id = deployment_id(entry, row.prefix);
        d->base_url =
            !entry.api_base.empty() ? entry.api_base : first_set(row.api_base_env, environment_);
        if (d->base_url.empty()) d->base_url = row.base_url;
        if (d->base_url.empty() && !row.component->egress.empty()) {
            report(Problem::Severity::error, entry.place,
                   "model '" + entry.model + "': provider '" + row.prefix +
                       "' has no address of its own: set api_base" +
                       or_variables(row.api_base_env));
            return nullptr;
        }
        if (!d->base_url.empty() && !http::parse_url(d->base_url)) {
            report(Problem::Severity::error, entry.place,
                   "model '" + entry.model + "': api_base is not an http or https URL");
            return nullptr;
        }
        d->api_base_shown = shown_base(d->base_url);
        d->api_key = !entry.api_key.empty() ? entry.api_key
                                            : Secret(first_set(row.api_key_env, environment_));
        if (d->api_key.empty() && listed && needs_key(row)) {
            report(Problem::Severity::warning, entry.place,
                   "model '" + entry.model + "' has no API key: set api_key" +
                       or_variables(row.api_key_env));
        }
        d->params = entry.params.empty() ? std::string() : boost::json::serialize(entry.params);
        d->defaults = members_of(entry.defaults);
        d->extra_body = members_of(entry.extra_body);
        d->dropped_params = entry.additional_drop_params;
        for (const std::string& name : entry.allowed_openai_params) {
            d->allowed_params += (d->allowed_params.empty() ? "" : ",") + name;
        }
        d->drop_params = entry.drop_params.value_or(config.litellm.drop_params);
        d->verify_tls = entry.ssl_verify.value_or(config.litellm.ssl_verify);
        d->weight = entry.weight.value_or(1.0);
        const milliseconds whole = config.router.timeout.value_or(
            config.litellm.request_timeout.value_or(kDefaultTimeout));
        d->timeout = entry.timeout.value_or(whole);
        d->stream_timeout =
            entry.stream_timeout.value_or(config.router.stream_timeout.value_or(d->timeout));
        d->num_retries = entry.num_retries;
        d->simulated = row.component->egress.empty();
        d->instance = instance_for(row);
        if (!d->instance.instance) return nullptr;
        d->guardrails = entry.guardrails;
        for (const std::string& name : entry.guardrails) {
            const auto& known = config.guardrails;
            if (std::any_of(known.begin(), known.end(),
                            [&](const auto& g) { return g.guardrail_name == name; })) {
                continue;
            }
            report(Problem::Severity::error, entry.place,
                   "model '" + entry.model + "' wants guardrail '" + name +
                       "', which is not among the `guardrails`");
        }
        return d;
    }

    void add_guardrail(const GuardrailConfig& entry) {
        // LiteLLM has no default; a guardrail that hangs must not hold requests for minutes.
        constexpr milliseconds kGuardrailTimeout{10'000};
        const auto ref = snapshot_->plugins->component(BAY_KIND_GUARDRAIL, entry.guardrail);
        const auto about = [&](const std::string& text) {
            report(Problem::Severity::error, entry.place,
                   "guardrail '" + entry.guardrail_name + "': " + text);
        };
        if (!ref) {
            return about("no loaded plugin has the guardrail '" + entry.guardrail +
                         "'; there are: " + names_of(BAY_KIND_GUARDRAIL));
        }
        unsigned all_modes = entry.modes;
        for (const auto& [tag, modes] : entry.modes_by_tag) all_modes |= modes;
        const auto& can = ref->component->guardrail.modes;
        for (const unsigned mode : {kPreCall, kDuringCall, kPostCall, kLoggingOnly}) {
            if ((all_modes & mode) == 0 || can.empty()) continue;
            if (std::find(can.begin(), can.end(), guard::mode_name(mode)) == can.end()) {
                about("'" + entry.guardrail + "' has no mode " +
                      std::string(guard::mode_name(mode)));
            }
        }
        auto made = std::make_unique<Guardrail>();
        made->config = entry;
        made->stream_every = entry.stream_every.value_or(ref->component->guardrail.stream_every);
        made->timeouts.total = entry.timeout.value_or(kGuardrailTimeout);
        made->component = instance_of(*ref, entry.guardrail_name, entry.params, entry.place);
        if (made->component.instance) snapshot_->guardrails.push_back(std::move(made));
    }

    void add_log_sink(const CallbackConfig& entry) {
        // What LiteLLM counts by a callback, /metrics tells without.
        if (entry.name == "prometheus") return;
        const auto ref = snapshot_->plugins->component(BAY_KIND_LOGGER, entry.name);
        if (!ref) {
            // LiteLLM has some sixty of them; a file that names one more is not a wrong file.
            return report(Problem::Severity::warning, entry.place,
                          "no loaded plugin has the log sink '" + entry.name +
                              "': ignored; there are: " + names_of(BAY_KIND_LOGGER));
        }
        auto made = std::make_unique<LogSink>();
        made->config = entry;
        made->component = instance_of(*ref, entry.name, entry.params, entry.place);
        if (made->component.instance) snapshot_->log_sinks.push_back(std::move(made));
    }

    /// Of a guardrail or log sink; without an instance if it cannot be had.
    ComponentInstance instance_of(const ComponentRef& ref, const std::string& name,
                                  const boost::json::object& params, const Place& place) {
        ComponentInstance made;
        const std::size_t before = problems_.size();
        made.instance =
            snapshot_->plugins->create_instance(ref, name, params, environment_, place, problems_);
        made.shared = shared_values_for(*ref.plugin, *ref.component, name);
        failed_ = failed_ || (!made.instance && problems_.size() > before);
        return made;
    }

    std::string names_of(std::string_view kind) const {
        std::string names;
        for (const std::string& name : snapshot_->plugins->names(kind)) {
            names += (names.empty() ? "" : ", ") + name;
        }
        return names.empty() ? "none" : names;
    }

    static void add_names(ModelGroup& group, const Deployment& deployment) {
        for (const std::string& name : deployment.guardrails) {
            auto& names = group.guardrails;
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        }
    }

    void enter(std::unique_ptr<const Deployment> deployment, bool listed) {
        const Deployment* d = deployment.get();
        snapshot_->deployments.push_back(std::move(deployment));
        if (d->group.find('*') != std::string::npos) {
            auto& all = snapshot_->wildcards;
            auto found = std::find_if(all.begin(), all.end(),
                                      [&](const ModelGroup& g) { return g.name == d->group; });
            if (found == all.end()) found = all.insert(all.end(), ModelGroup{d->group, {}, false});
            found->deployments.push_back(d);
            add_names(*found, *d);
        } else {
            ModelGroup& group = snapshot_->groups[d->group];
            group.name = d->group;
            group.deployments.push_back(d);
            add_names(group, *d);
        }
        if (listed) list(d->group);
    }

    void list(const std::string& name) {
        auto& listed = snapshot_->listed;
        if (std::find(listed.begin(), listed.end(), name) == listed.end()) listed.push_back(name);
    }

    // A deployment can be asked for by its id, unless that is the name of a group.
    void add_ids() {
        for (const auto& d : snapshot_->deployments) {
            if (d->group.find('*') != std::string::npos) continue;
            snapshot_->groups.try_emplace(d->id,
                                          ModelGroup{d->group, {d.get()}, true, d->guardrails});
        }
    }

    void add_aliases() {
        for (const auto& [alias, target] : snapshot_->config.router.model_group_alias) {
            const auto found = snapshot_->groups.find(target.model);
            if (found == snapshot_->groups.end()) {
                report(Problem::Severity::warning, {},
                       "model_group_alias '" + alias + "' names '" + target.model +
                           "', which is not a model_name: ignored");
                continue;
            }
            ModelGroup group = found->second;
            group.hidden = target.hidden;
            snapshot_->groups[alias] = std::move(group);
            if (!target.hidden) list(alias);
        }
    }

    ComponentInstance instance_for(const ProviderRow& row) {
        const auto found = instances_.find(&row);
        if (found != instances_.end()) return found->second;
        ComponentInstance made;
        const std::size_t before = problems_.size();
        made.instance = snapshot_->plugins->create_instance(row, problems_);
        made.shared = shared_values_for(*row.plugin, *row.component, row.prefix);
        failed_ = failed_ || (!made.instance && problems_.size() > before);
        instances_.emplace(&row, made);
        return made;
    }

    std::shared_ptr<SharedValues> shared_values_for(const Plugin& plugin,
                                                    const ManifestComponent& component,
                                                    const std::string& name) {
        const std::string key = plugin.manifest().id + ' ' + component.id + ' ' + name;
        auto& shared = snapshot_->shared_values[key];
        if (!shared && previous_ != nullptr) {
            const auto found = previous_->shared_values.find(key);
            if (found != previous_->shared_values.end()) shared = found->second;
        }
        if (!shared) shared = std::make_shared<SharedValues>();
        return shared;
    }

    static bool needs_key(const ProviderRow& row) {
        if (row.api_key_env.empty()) return false;
        for (const char* name : {"key_optional", "default_api_key"}) {
            if (const auto* value = row.row.if_contains(name)) {
                if (value->is_string() || (value->is_bool() && value->get_bool())) return false;
            }
        }
        return true;
    }

    static std::string or_variables(const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? " or the variable " : " or ") + name;
        return text;
    }

    const Environment& environment_;
    std::vector<Problem>& problems_;
    const Snapshot* previous_;
    std::shared_ptr<Snapshot> snapshot_;
    std::map<const ProviderRow*, ComponentInstance> instances_;
    bool failed_ = false;
};

}  // namespace

std::shared_ptr<const Snapshot> build_snapshot(Config config, const Environment& environment,
                                               std::shared_ptr<const PluginSet> plugins,
                                               std::uint64_t generation,
                                               std::vector<Problem>& problems,
                                               const Snapshot* previous) {
    return Builder(std::move(config), environment, std::move(plugins), problems, previous)
        .build(generation);
}

}  // namespace patchbay
