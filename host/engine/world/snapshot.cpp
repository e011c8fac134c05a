#include "engine/world/snapshot.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "config/callback_names.hpp"
#include "contract/unix_time.hpp"
#include "engine/meter/embedded_pages.hpp"
#include "engine/meter/price_row.hpp"
#include "engine/plugins/component_settings.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/world/deployment_budgets.hpp"
#include "engine/world/deployment_maker.hpp"
#include "engine/world/deployment_prices.hpp"
#include "engine/world/group_capacities.hpp"
#include "engine/world/group_maker.hpp"
#include "engine/world/known_secrets.hpp"
#include "engine/world/named_groups.hpp"
#include "engine/world/provider_name.hpp"
#include "engine/world/routing_groups.hpp"
#include "engine/world/wildcard.hpp"

namespace patchbay {

namespace {

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
        if (previous_ != nullptr) {
            snapshot_->lanes = previous_->lanes;
            snapshot_->route_budgets = previous_->route_budgets;
        }
        maker_.emplace(snapshot_->config, environment_, *snapshot_->plugins,
                       previous_ ? previous_->plugins.get() : nullptr, problems_,
                       [this](const ProviderRow& row) { return instance_for(row); });
    }

    std::shared_ptr<const Snapshot> build(std::uint64_t generation) {
        snapshot_->generation = generation;
        snapshot_->resource_key =
            SealKey(snapshot_->config.general.master_key.reveal(), "patchbay ids of answers");
        for (const GuardrailConfig& entry : snapshot_->config.guardrails) add_guardrail(entry);
        for (const CallbackConfig& entry : snapshot_->config.litellm.logging.callbacks) {
            add_log_sink(entry);
        }
        maker_->set_prices(price_book());
        budgets_.emplace(snapshot_->config, snapshot_->route_budgets);
        maker_->set_budgets(*budgets_);
        for (const DeploymentConfig& entry : snapshot_->config.model_list) maker_->check(entry);
        if (snapshot_->plugins->providers().empty()) {
            tell_no_providers();
        } else {
            for (const DeploymentConfig& entry : snapshot_->config.model_list) add(entry);
        }
        if (snapshot_->deployments.empty()) tell_none_served();
        drop_what_no_route_calls();
        failed_ = !add_routing_groups(*snapshot_, problems_) || failed_;
        make_tables(*snapshot_, previous_);
        add_ids();
        add_aliases();
        std::stable_sort(
            snapshot_->wildcards.begin(), snapshot_->wildcards.end(),
            [](const ModelGroup& a, const ModelGroup& b) { return more_specific(a.name, b.name); });
        check_named_groups(*snapshot_, problems_);
        meter::forget_embedded_prices();
        snapshot_->secrets = known_secrets(*snapshot_);
        if (failed_ || maker_->failed()) return nullptr;
        budgets_->limit();
        set_capacities(*snapshot_, previous_, problems_);
        return snapshot_;
    }

  private:
    void report(Problem::Severity severity, const Place& place, std::string message) {
        failed_ = failed_ || severity == Problem::Severity::error;
        problems_.push_back({severity, place, std::move(message)});
    }

    /// The rest serves without it.
    void leave_out(const Place& place, std::string message) {
        problems_.push_back({Problem::Severity::warning, place, std::move(message), true});
    }

    /// In place of an error for every model.
    void tell_no_providers() {
        const auto& models = snapshot_->config.model_list;
        if (models.empty()) return;
        const auto& named = snapshot_->config.plugins.directories;
        report(Problem::Severity::error, named.empty() ? models.front().place : named.front().place,
               "no provider plugin was loaded, so no model can be served: `plugins.directories` "
               "names the folders they are looked for in");
    }

    // The operator's table of prices over that of the program, as they hold today.
    std::shared_ptr<const meter::PriceBook> price_book() {
        const PriceSettings& prices = snapshot_->config.litellm.prices;
        std::string own;
        if (!prices.table.empty()) {
            const std::string fault = read_price_table_file(prices.table, own);
            if (!fault.empty()) {
                report(Problem::Severity::error, prices.table_place,
                       "price_table " + prices.table + ": " + fault);
            }
        }
        return std::make_shared<const meter::PriceBook>(std::move(own), meter::day_of(unix_us()));
    }

    void add(const DeploymentConfig& entry) {
        if (!entry.left_out.empty()) return leave_out(entry, entry.left_out);
        if (entry.model == "*" && entry.custom_llm_provider.empty()) {
            return add_every_provider(entry);
        }
        const auto provider = maker_->provider_of_entry(entry);
        if (!provider.row) return leave_out(entry, provider.left_out);
        auto made = maker_->make(entry, *provider.row, provider.model, entry.model_name, true);
        if (!made.deployment) return leave_out(entry, made.left_out);
        enter(std::move(made.deployment), true);
    }

    // `model: "*"`: the client's own "provider/model" says where it goes.
    void add_every_provider(const DeploymentConfig& entry) {
        const auto add_one = [&](const ProviderRow& row, const std::string& model,
                                 const std::string& group) {
            auto made = maker_->make(entry, row, model, group, false);
            if (made.deployment) enter(std::move(made.deployment), false);
        };
        for (const auto& [prefix, row] : snapshot_->plugins->providers()) {
            if (maker_->reachable(entry, row)) add_one(row, "*", prefix + "/*");
        }
        for (const BareName& name : bare_names()) {
            const std::string pattern = std::string(name.prefix) + "*";
            if (const ProviderRow* row = snapshot_->plugins->provider(name.provider)) {
                add_one(*row, pattern, pattern);
            }
        }
        list(entry.model_name);
    }

    // Its name stays known: who asks for it is told why it is not served.
    void leave_out(const DeploymentConfig& entry, const std::string& why) {
        if (why.empty() || entry.model_name.empty()) return;
        ModelGroup& group = group_of(entry.model_name);
        if (group.left_out.empty()) group.left_out = why;
    }

    // A file of whose models none can be served is a mistake, whatever was said of each; where only
    // variables are missing it is the environment that is not the right one.
    void tell_none_served() {
        const auto& entries = snapshot_->config.model_list;
        if (entries.empty() || failed_ || maker_->failed()) return;
        const bool elsewhere =
            std::any_of(entries.begin(), entries.end(),
                        [](const DeploymentConfig& entry) { return !entry.left_out.empty(); });
        report(elsewhere ? Problem::Severity::warning : Problem::Severity::error,
               {entries.front().place.file, 0, 0},
               "no deployment of `model_list` can be served: each is left out");
        problems_.back().left_out = elsewhere;
    }

    void add_guardrail(const GuardrailConfig& entry) {
        // LiteLLM has no default; a guardrail that hangs must not hold requests for minutes.
        constexpr std::chrono::milliseconds kGuardrailTimeout{10'000};
        const auto ref = snapshot_->plugins->component(BAY_KIND_GUARDRAIL, entry.guardrail);
        const auto about = [&](const std::string& text) {
            report(Problem::Severity::error, entry.place,
                   "guardrail '" + entry.guardrail_name + "': " + text);
        };
        if (!ref) {
            if (is_python(entry.guardrail)) {
                return about("'" + entry.guardrail +
                             "' is a class in Python, which does not run here, and without it "
                             "requests would go on that it was to stop or to change; "
                             "docs/writing-a-plugin.md tells how to write one that does");
            }
            return about("no loaded plugin has the guardrail '" + entry.guardrail +
                         "'; there are: " + names_of(BAY_KIND_GUARDRAIL));
        }
        if (const auto missing = missing_of(*ref, entry.params, ""); !missing.empty()) {
            return about("it needs " + missing);
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

    // A file that names a sink which cannot be had is not a wrong file: LiteLLM has some sixty of
    // them, and their keys come from the environment of where it serves.
    void add_log_sink(const CallbackConfig& entry) {
        // What LiteLLM counts by a callback, /metrics tells without.
        if (entry.name == "prometheus") return;
        const auto without = [&](const std::string& why) {
            snapshot_->left_out_sinks.push_back(entry.name);
            leave_out(entry.place, why);
        };
        const auto ref = snapshot_->plugins->component(BAY_KIND_LOGGER, entry.name);
        if (!ref && snapshot_->plugins->component(BAY_KIND_GUARDRAIL, entry.name)) {
            return report(Problem::Severity::error, entry.place,
                          "'" + entry.name +
                              "' is a guardrail and does not run as a callback: write it as one of "
                              "the `guardrails`");
        }
        if (!ref) {
            return without("no loaded plugin has the log sink '" + entry.name +
                           "': ignored; there are: " + names_of(BAY_KIND_LOGGER));
        }
        const std::string section = "callback_settings." + entry.name + ".";
        if (const auto missing = missing_of(*ref, entry.params, section); !missing.empty()) {
            return without("the log sink '" + entry.name + "' needs " + missing +
                           ": left out, no records are delivered to it");
        }
        auto made = std::make_unique<LogSink>();
        made->config = entry;
        made->component = instance_of(*ref, entry.name, entry.params, entry.place);
        if (made->component.instance) snapshot_->log_sinks.push_back(std::move(made));
    }

    std::string missing_of(const ComponentRef& ref, const boost::json::object& params,
                           std::string_view section) const {
        const auto settings = component_settings(*ref.component, snapshot_->plugins->settings(),
                                                 params, environment_);
        return missing_settings(*ref.component, settings, section);
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

    // Beside deployments that can be called, one that cannot would only be picked in vain.
    void drop_what_no_route_calls() {
        const auto routed = [](const Deployment* d) { return !d->mode || d->mode->routed; };
        for (auto& [name, group] : snapshot_->groups) {
            auto& all = group.deployments;
            if (std::none_of(all.begin(), all.end(), routed)) continue;
            std::erase_if(all, std::not_fn(routed));
        }
    }

    /// The group of this name, made if it is not there yet.
    ModelGroup& group_of(const std::string& name) {
        if (name.find('*') == std::string::npos) {
            ModelGroup& group = snapshot_->groups[name];
            group.name = name;
            return group;
        }
        auto& all = snapshot_->wildcards;
        auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ModelGroup& g) { return g.name == name; });
        if (found == all.end()) found = all.insert(all.end(), ModelGroup{name});
        return *found;
    }

    void enter(std::unique_ptr<Deployment> deployment, bool listed) {
        deployment->lane = snapshot_->lanes->take(deployment->id);
        const Deployment* d = deployment.get();
        snapshot_->deployments.push_back(std::move(deployment));
        ModelGroup& group = group_of(d->group);
        group.deployments.push_back(d);
        add_guardrails(group, *d);
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
            const auto [at, made] = snapshot_->groups.try_emplace(
                d->id, ModelGroup{d->group, {d.get()}, true, d->guardrails});
            if (!made) continue;
            at->second.by_id = true;
            GroupRouting routing;
            routing.kin = {find_group(*snapshot_, d->group)->tables->memory};
            at->second.tables =
                make_group_tables(at->second.deployments, snapshot_->lanes, nullptr, routing);
        }
    }

    void add_aliases() {
        for (const auto& [alias, target] : snapshot_->config.router.model_group_alias) {
            const auto found = snapshot_->groups.find(target.model);
            bool served =
                found == snapshot_->groups.end() && find_pattern(*snapshot_, target.model);
            if (found != snapshot_->groups.end()) {
                ModelGroup group = found->second;
                group.hidden = target.hidden;
                served = !group.deployments.empty();
                snapshot_->groups[alias] = std::move(group);
            } else if (!served) {
                leave_out(target.place, "model_group_alias '" + alias + "' names '" + target.model +
                                            "', which is not a model_name: ignored");
            }
            if (!target.hidden && served) list(alias);
        }
    }

    ComponentInstance instance_for(const ProviderRow& row) {
        const auto found = instances_.find(&row);
        if (found != instances_.end()) return found->second;
        ComponentInstance made;
        const std::size_t before = problems_.size();
        made.instance = snapshot_->plugins->create_instance(row, environment_, problems_);
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

    const Environment& environment_;
    std::vector<Problem>& problems_;
    const Snapshot* previous_;
    std::shared_ptr<Snapshot> snapshot_;
    std::map<const ProviderRow*, ComponentInstance> instances_;
    std::optional<DeploymentMaker> maker_;
    std::optional<DeploymentBudgets> budgets_;
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
