#include "engine/plugins/plugin_set.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include <boost/json.hpp>

#include "contract/manifest/schema.hpp"
#include "engine/plugins/component_settings.hpp"
#include "engine/plugins/containment.hpp"
#include "engine/plugins/control_lock.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/plugins/plugin_update.hpp"
#include "engine/plugins/plugin_version.hpp"
#include "engine/plugins/retirement.hpp"
#include "engine/plugins/row_settings.hpp"
#include "engine/plugins/setting_files.hpp"

namespace patchbay {

namespace {

namespace fs = std::filesystem;

void add(std::vector<Problem>& problems, Problem::Severity severity, const fs::path& file,
         std::string message) {
    problems.push_back({severity, Place{file.string(), 0, 0}, std::move(message)});
}

}  // namespace

struct PluginSet::Impl {
    PluginSettings settings;
    std::shared_ptr<Retirement> retirement;
    std::vector<PluginEntry> entries;
    ProviderRows rows;        ///< of the versions that serve
    ProviderRows trial_rows;  ///< of the versions on trial, and of the others
    /// Filled as instances are made, by the one thread that makes them.
    mutable std::vector<SettingFile> files;

    using Versions = std::vector<const PluginVersion*>;
    void merge_rows(const Versions& versions, ProviderRows& all,
                    std::vector<Problem>& problems) const;
    void check_settings(std::vector<Problem>& problems) const;
};

namespace {

/// The version that has a component of this id; nullptr and `component` untouched if none has.
const PluginVersion* find_component(const std::vector<const PluginVersion*>& versions,
                                    const std::string& id, const ManifestComponent** component) {
    for (const PluginVersion* version : versions) {
        for (const auto& candidate : version->plugin->manifest().components) {
            if (candidate.id != id) continue;
            *component = &candidate;
            return version;
        }
    }
    return nullptr;
}

}  // namespace

void PluginSet::Impl::merge_rows(const Versions& versions, ProviderRows& all,
                                 std::vector<Problem>& problems) const {
    for (const PluginVersion* version : versions) {
        all.insert(version->rows.begin(), version->rows.end());
    }
    for (const auto& [id, name] : settings.rows) {
        const ManifestComponent* component = nullptr;
        const PluginVersion* version = find_component(versions, id, &component);
        if (version == nullptr || component->kind != BAY_KIND_PROVIDER) {
            add(problems, Problem::Severity::error, name,
                "provider rows for component \"" + id + "\", which no loaded provider plugin has");
            continue;
        }
        auto read = read_provider_rows(name);
        if (!read) {
            add(problems, Problem::Severity::error, name, read.error());
            continue;
        }
        for (auto& [prefix, row] : *read) {
            const auto taken = all.find(prefix);
            if (taken != all.end() && taken->second.component != component) {
                add(problems, Problem::Severity::error, name,
                    "/" + prefix + ": the prefix is taken by component \"" +
                        taken->second.component->id + "\"");
                continue;
            }
            row.plugin = version->plugin.get();
            row.component = component;
            all.insert_or_assign(prefix, std::move(row));
        }
    }
}

void PluginSet::Impl::check_settings(std::vector<Problem>& problems) const {
    Versions versions;
    for (const PluginEntry& entry : entries) {
        versions.push_back(&entry.serving);
        if (entry.canary) versions.push_back(&*entry.canary);
    }
    for (const auto& [id, value] : settings.settings) {
        const ManifestComponent* component = nullptr;
        if (find_component(versions, id, &component) == nullptr) {
            add(problems, Problem::Severity::warning, {},
                "settings for component \"" + id + "\", which no loaded plugin has");
        }
    }
    for (const auto& [id, plugin_options] : settings.plugins) {
        const bool there = std::any_of(entries.begin(), entries.end(),
                                       [&id = id](const auto& entry) { return entry.id() == id; });
        if (!there) {
            add(problems, Problem::Severity::warning, {},
                "options for plugin \"" + id + "\", which is not loaded");
        }
    }
}

PluginSet::PluginSet() : impl_(std::make_unique<Impl>()) {}

PluginSet::~PluginSet() = default;

std::shared_ptr<PluginSet> PluginSet::load(const PluginSetOptions& options,
                                           std::vector<Problem>& problems) {
    const PluginUpdate update = PluginUpdate::look(options, nullptr);
    problems.insert(problems.end(), update.problems().begin(), update.problems().end());
    for (const PluginChange& change : update.changes()) {
        if (auto problem = problem_of(change)) problems.push_back(std::move(*problem));
    }
    auto set = update.assemble(options, problems);
    set->apply_options();
    return set;
}

void PluginSet::apply_options() const {
    for (const PluginEntry& entry : impl_->entries) {
        patchbay::apply_options(*entry.serving.plugin, impl_->settings);
        if (entry.canary) patchbay::apply_options(*entry.canary->plugin, impl_->settings);
    }
}

std::shared_ptr<PluginSet> PluginSet::assemble(const PluginSetOptions& options,
                                               std::vector<PluginEntry> entries,
                                               std::vector<Problem>& problems) {
    const std::shared_ptr<PluginSet> set(new PluginSet);
    Impl& impl = *set->impl_;
    impl.settings = options.settings;
    impl.retirement = options.retirement;
    impl.entries = std::move(entries);
    Impl::Versions serving;
    Impl::Versions newest;
    for (const PluginEntry& entry : impl.entries) {
        serving.push_back(&entry.serving);
        newest.push_back(entry.canary ? &*entry.canary : &entry.serving);
    }
    impl.merge_rows(serving, impl.rows, problems);
    if (newest != serving) {
        // What is wrong with the rows was said once; a prefix that is missing is missed later.
        std::vector<Problem> again;
        impl.merge_rows(newest, impl.trial_rows, again);
    }
    impl.check_settings(problems);
    check_egress(options.settings, problems);
    return set;
}

const std::vector<PluginEntry>& PluginSet::entries() const {
    return impl_->entries;
}

const PluginSettings& PluginSet::settings() const {
    return impl_->settings;
}

const ProviderRow* PluginSet::provider(std::string_view prefix) const {
    const auto found = impl_->rows.find(prefix);
    return found == impl_->rows.end() ? nullptr : &found->second;
}

const std::map<std::string, ProviderRow, std::less<>>& PluginSet::providers() const {
    return impl_->rows;
}

const PluginEntry* PluginSet::on_trial(const ProviderRow& row) const {
    for (const PluginEntry& entry : impl_->entries) {
        if (entry.canary && entry.serving.plugin.get() == row.plugin) return &entry;
    }
    return nullptr;
}

const ProviderRow* PluginSet::trial_provider(std::string_view prefix) const {
    const auto found = impl_->trial_rows.find(prefix);
    return found == impl_->trial_rows.end() ? nullptr : &found->second;
}

std::vector<PluginInfo> PluginSet::list() const {
    std::vector<PluginInfo> infos;
    for (const PluginEntry& entry : impl_->entries) {
        const auto& plugin = *entry.serving.plugin;
        infos.push_back({plugin.manifest().id, plugin.manifest().version,
                         entry.serving.file.string(), plugin.sha256(),
                         plugin.manifest().components});
    }
    return infos;
}

std::optional<ComponentRef> PluginSet::component(std::string_view kind,
                                                 std::string_view name) const {
    std::optional<ComponentRef> by_name;
    for (const PluginEntry& entry : impl_->entries) {
        const Plugin& plugin = *entry.serving.plugin;
        for (const auto& component : plugin.manifest().components) {
            if (component.kind != kind) continue;
            if (component.id == name) return ComponentRef{&plugin, &component};
            const auto& names = component.names;
            if (!by_name && std::find(names.begin(), names.end(), name) != names.end()) {
                by_name = ComponentRef{&plugin, &component};
            }
        }
    }
    return by_name;
}

std::vector<std::string> PluginSet::names(std::string_view kind) const {
    std::vector<std::string> all;
    for (const PluginEntry& entry : impl_->entries) {
        const Plugin& plugin = *entry.serving.plugin;
        for (const auto& component : plugin.manifest().components) {
            if (component.kind != kind) continue;
            all.push_back(component.id);
            all.insert(all.end(), component.names.begin(), component.names.end());
        }
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

namespace {

using Report =
    std::function<void(Problem::Severity, const std::string& pointer, const std::string& message)>;

/// Where a row leads; of a component without one, nothing.
struct RowReach {
    std::string base_url{};
    std::vector<std::string> egress{};
};

/// Calls the plugin with a configuration that fits its schema; what it says goes to `report`.
std::shared_ptr<const Instance> create(const ComponentRef& ref, const std::string& name,
                                       const boost::json::object& config,
                                       const PluginSettings& settings, const RowReach& reach,
                                       const std::shared_ptr<Retirement>& retirement,
                                       const Report& report) {
    bool reachable = true;
    EgressList egress =
        egress_of(ref.plugin->manifest().id, *ref.component, settings, reach.base_url, reach.egress,
                  config, [&](const std::string& pointer, const std::string& message) {
                      reachable = false;
                      report(Problem::Severity::error, pointer, message);
                  });
    if (!reachable) return nullptr;
    const auto& component = *ref.component;
    const std::string text = boost::json::serialize(config);
    const bay_create_info info{.size = sizeof(bay_create_info),
                               .flags = 0,
                               .component = {component.id.data(), component.id.size()},
                               .name = {name.data(), name.size()},
                               .config = {text.data(), text.size()}};
    const auto stats = ref.plugin->stats(component);
    Diagnostics diagnostics;
    std::shared_ptr<const Instance> instance;
    bay_status status = BAY_OK;
    if (Home* home = ref.plugin->home()) {
        const auto id =
            home->create({component.kind, component.id, name, text, egress.entries()}, diagnostics);
        if (id) {
            instance = share_with(
                retirement,
                new Instance(*home, *id, stats, ref.plugin->shared_from_this(), std::move(egress)),
                std::default_delete<const Instance>());
        } else {
            status = id.error();
        }
    } else if (auto wrong = ref.plugin->prepare(); !wrong.empty()) {
        report(Problem::Severity::error, "", wrong);
        return nullptr;
    } else {
        const bay_kind& kind = *ref.plugin->kind(component.kind);
        bay_instance* raw = nullptr;
        const std::lock_guard lock(plugin_control_mutex());
        const CallScope scope(
            {stats->plugin.c_str(), stats->component.c_str(), stats->sha256.c_str(), "create", 0});
        status = kind.create(&info, diagnostics.table(), &raw);
        if (status == BAY_OK && raw != nullptr) {
            const auto* one =
                new Instance(kind, raw, stats, ref.plugin->shared_from_this(), std::move(egress));
            instance = share_with(retirement, one, std::default_delete<const Instance>());
        }
    }
    const bool made = instance != nullptr;
    bool explained = false;
    for (const auto& item : diagnostics.items()) {
        // A plugin that made an instance has no errors, whatever it calls them.
        const bool error = item.error && !made;
        explained = explained || error;
        report(error ? Problem::Severity::error : Problem::Severity::warning, item.pointer,
               item.message);
    }
    if (!made && !explained)
        report(Problem::Severity::error, "",
               "the plugin refused them (" + status_name(status) + ")");
    return instance;
}

/// False if the configuration does not fit the schema of the component.
bool fits(const ManifestComponent& component, const boost::json::object& config,
          const Report& report) {
    const auto wrong = check_against_schema(component.config_schema, config);
    for (const auto& problem : wrong) {
        report(Problem::Severity::error, problem.pointer, problem.message);
    }
    return wrong.empty();
}

}  // namespace

const std::vector<SettingFile>& PluginSet::setting_files() const {
    return impl_->files;
}

std::shared_ptr<const Instance> PluginSet::create_instance(const ProviderRow& row,
                                                           const Environment& environment,
                                                           std::vector<Problem>& problems) const {
    const auto& component = *row.component;
    fs::path file;
    for (const PluginEntry& entry : impl_->entries) {
        if (entry.serving.plugin.get() == row.plugin) file = entry.serving.file;
        if (entry.canary && entry.canary->plugin.get() == row.plugin) file = entry.canary->file;
    }
    const Report report = [&](Problem::Severity severity, const std::string& pointer,
                              const std::string& message) {
        add(problems, severity, file,
            "settings of component \"" + component.id + "\" (prefix \"" + row.prefix + "\")" +
                (pointer.empty() ? std::string() : ", " + pointer) + ": " + message);
    };

    boost::json::object config = component_settings(component, impl_->settings, {}, environment);
    read_setting_files(component, config, environment, impl_->files,
                       [&](const std::string& pointer, const std::string& message) {
                           report(Problem::Severity::warning, pointer, message);
                       });
    // The host's own members are checked with the rest if the schema speaks of them, and do not
    // offend it if it does not.
    const boost::json::object own{{"prefix", row.prefix}, {"row", row_in(row, environment)}};
    for (const auto& [name, value] : own) {
        config.erase(name);
        if (names_property(component.config_schema, name)) config.emplace(name, value);
    }
    if (!fits(component, config, report)) return nullptr;
    for (const auto& [name, value] : own) config.insert_or_assign(name, value);
    return create({row.plugin, row.component}, row.prefix, config, impl_->settings,
                  {own_address(row, environment), row_egress(row)}, impl_->retirement, report);
}

std::shared_ptr<const Instance> PluginSet::create_instance(
    const ComponentRef& ref, const std::string& name, const boost::json::object& given,
    const Environment& environment, const Place& place, std::vector<Problem>& problems) const {
    const auto& component = *ref.component;
    const Report report = [&](Problem::Severity severity, const std::string& pointer,
                              const std::string& message) {
        problems.push_back({severity, place,
                            "'" + name + "' (component \"" + component.id + "\")" +
                                (pointer.empty() ? std::string() : ", " + pointer) + ": " +
                                message});
    };
    boost::json::object config = component_settings(component, impl_->settings, given, environment);
    read_setting_files(component, config, environment, impl_->files,
                       [&](const std::string& pointer, const std::string& message) {
                           report(Problem::Severity::warning, pointer, message);
                       });
    bool sendable = true;
    check_headers(component, config, [&](const std::string& pointer) {
        sendable = false;
        report(Problem::Severity::error, pointer,
               "a control character stands in it, which no HTTP header can carry");
    });
    if (!fits(component, config, report) || !sendable) return nullptr;
    return create(ref, name, config, impl_->settings, {}, impl_->retirement, report);
}

}  // namespace patchbay
