#include "engine/plugins/plugin_set.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <system_error>

#include <boost/json.hpp>

#include "engine/plugins/containment.hpp"
#include "engine/plugins/control_lock.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_file.hpp"
#include "engine/plugins/probe.hpp"
#include "engine/plugins/provider_rows.hpp"
#include "engine/plugins/schema.hpp"
#include "engine/plugins/trust.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

namespace {

namespace fs = std::filesystem;

void add(std::vector<Problem>& problems, Problem::Severity severity, const fs::path& file,
         std::string message) {
    problems.push_back({severity, Place{file.string(), 0, 0}, std::move(message)});
}

// The set goes on without the file, so this is a warning: whoever needs the plugin finds its prefix
// missing.
void leave_out(std::vector<Problem>& problems, const fs::path& file, const std::string& why) {
    add(problems, Problem::Severity::warning, file, why + "; plugin left out");
}

/// The *.so files of the directories in search and name order; a name that an earlier directory has
/// is passed over.
std::vector<fs::path> scan(const std::vector<fs::path>& directories,
                           std::vector<Problem>& problems) {
    std::vector<fs::path> files;
    std::set<fs::path> seen;
    for (const auto& directory : directories) {
        std::error_code error;
        std::vector<fs::path> found;
        if (const auto wrong = check_trusted_directory(directory); !wrong.empty()) {
            add(problems, Problem::Severity::warning, directory,
                "plugin directory " + wrong + "; its plugins are left out");
            continue;
        }
        fs::directory_iterator entry(directory, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
            const auto& path = entry->path();
            if (path.extension() == ".so" && !path.filename().native().starts_with('.')) {
                found.push_back(path);
            }
        }
        if (error) {
            add(problems, Problem::Severity::warning, directory,
                "plugin directory cannot be read: " + error.message());
        }
        std::sort(found.begin(), found.end());
        for (auto& path : found) {
            if (seen.insert(path.filename()).second) files.push_back(std::move(path));
        }
    }
    return files;
}

/// What is wrong with the schemas of a manifest; empty = nothing.
std::string check_schemas(const Manifest& manifest) {
    for (std::size_t i = 0; i < manifest.components.size(); ++i) {
        const auto wrong = check_schema(manifest.components[i].config_schema);
        if (!wrong.empty()) {
            return "manifest: /components/" + std::to_string(i) +
                   "/config_schema is no JSON schema: " + wrong;
        }
    }
    return check_egress(manifest);
}

/// Files that are in order as far as can be seen without running them, with their private copies.
std::vector<PluginFile> inspect(const std::vector<fs::path>& files, const fs::path& cache,
                                const TrustPolicy& trust, std::vector<Problem>& problems) {
    std::vector<PluginFile> good;
    for (const auto& file : files) {
        auto plugin = inspect_plugin_file(file);
        if (!plugin) {
            leave_out(problems, file, plugin.error());
            continue;
        }
        if (const auto wrong = trust.check(*plugin); !wrong.empty()) {
            leave_out(problems, file, wrong);
            continue;
        }
        if (const auto wrong = check_schemas(plugin->manifest); !wrong.empty()) {
            leave_out(problems, file, wrong);
            continue;
        }
        if (const auto copy = make_private_copy(*plugin, cache); !copy) {
            leave_out(problems, file, "no private copy could be made: " + copy.error());
            continue;
        }
        plugin->bytes = {};
        good.push_back(std::move(*plugin));
    }
    return good;
}

/// Leaves out what does not survive the trial load.
void probe(const fs::path& program, std::vector<PluginFile>& files,
           std::vector<Problem>& problems) {
    std::vector<fs::path> copies;
    for (const auto& file : files) copies.push_back(file.copy);
    const auto bad = probe_plugins({.program = program}, copies);
    if (!bad) {
        add(problems, Problem::Severity::error, {}, bad.error() + "; no plugin is loaded");
        files.clear();
        return;
    }
    std::erase_if(files, [&](const PluginFile& file) {
        const auto found = bad->find(file.copy);
        if (found == bad->end()) return false;
        leave_out(problems, file.file, found->second);
        return true;
    });
}

}  // namespace

struct PluginSet::Impl {
    struct Loaded {
        std::shared_ptr<const Plugin> plugin;
        fs::path file;
    };

    PluginSettings settings;
    std::vector<Loaded> plugins;
    ProviderRows rows;

    void load_file(const PluginFile& file, std::vector<Problem>& problems);
    std::string conflict(const PluginFile& file) const;
    void load_operator_rows(std::vector<Problem>& problems);
    void check_settings(std::vector<Problem>& problems) const;
    const Loaded* find_component(const std::string& id, const ManifestComponent** component) const;
};

/// What another file of the set already has; empty = nothing.
std::string PluginSet::Impl::conflict(const PluginFile& file) const {
    for (const auto& [plugin, path] : plugins) {
        if (plugin->manifest().id == file.manifest.id) {
            return "plugin id \"" + file.manifest.id + "\" is taken by " + path.string();
        }
        for (const auto& theirs : plugin->manifest().components) {
            for (const auto& ours : file.manifest.components) {
                if (ours.id == theirs.id && ours.kind == theirs.kind) {
                    return "component \"" + ours.id + "\" is taken by " + path.string();
                }
            }
        }
    }
    return {};
}

void PluginSet::Impl::load_file(const PluginFile& file, std::vector<Problem>& problems) {
    if (const auto taken = conflict(file); !taken.empty())
        return leave_out(problems, file.file, taken);
    // The rows first: they need none of the plugin's code.
    auto mine = rows_of_plugin(file.manifest, file.file);
    if (!mine) return leave_out(problems, file.file, mine.error());
    for (const auto& [prefix, row] : *mine) {
        const auto taken = rows.find(prefix);
        if (taken == rows.end()) continue;
        return leave_out(
            problems, file.file,
            "prefix \"" + prefix + "\" is taken by plugin " + taken->second.plugin->manifest().id);
    }
    auto loaded = Plugin::load(file);
    if (!loaded) return leave_out(problems, file.file, loaded.error());
    for (auto& [prefix, row] : *mine) {
        const auto index = row.component - file.manifest.components.data();
        row.component = (*loaded)->manifest().components.data() + index;
        row.plugin = loaded->get();
    }
    rows.merge(*mine);
    apply_options(**loaded, settings);
    plugins.push_back({std::move(*loaded), file.file});
}

const PluginSet::Impl::Loaded* PluginSet::Impl::find_component(
    const std::string& id, const ManifestComponent** component) const {
    for (const auto& loaded : plugins) {
        for (const auto& candidate : loaded.plugin->manifest().components) {
            if (candidate.id != id) continue;
            *component = &candidate;
            return &loaded;
        }
    }
    return nullptr;
}

void PluginSet::Impl::load_operator_rows(std::vector<Problem>& problems) {
    for (const auto& [id, name] : settings.rows) {
        const ManifestComponent* component = nullptr;
        const Loaded* loaded = find_component(id, &component);
        if (loaded == nullptr || component->kind != BAY_KIND_PROVIDER) {
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
            const auto taken = rows.find(prefix);
            if (taken != rows.end() && taken->second.component != component) {
                add(problems, Problem::Severity::error, name,
                    "/" + prefix + ": the prefix is taken by component \"" +
                        taken->second.component->id + "\"");
                continue;
            }
            row.plugin = loaded->plugin.get();
            row.component = component;
            rows.insert_or_assign(prefix, std::move(row));
        }
    }
}

void PluginSet::Impl::check_settings(std::vector<Problem>& problems) const {
    for (const auto& [id, value] : settings.settings) {
        const ManifestComponent* component = nullptr;
        if (find_component(id, &component) == nullptr) {
            add(problems, Problem::Severity::warning, {},
                "settings for component \"" + id + "\", which no loaded plugin has");
        }
    }
}

PluginSet::PluginSet() : impl_(std::make_unique<Impl>()) {}

PluginSet::~PluginSet() = default;

std::shared_ptr<PluginSet> PluginSet::load(const PluginSetOptions& options,
                                           std::vector<Problem>& problems) {
    const std::shared_ptr<PluginSet> set(new PluginSet);
    Impl& impl = *set->impl_;
    impl.settings = options.settings;
    const TrustPolicy trust(options.settings.trust, problems);
    check_egress(options.settings, problems);
    auto files =
        inspect(scan(options.directories, problems), options.cache_directory, trust, problems);
    if (!options.probe_program.empty() && !files.empty())
        probe(options.probe_program, files, problems);
    for (const auto& file : files) impl.load_file(file, problems);
    impl.load_operator_rows(problems);
    impl.check_settings(problems);
    return set;
}

const ProviderRow* PluginSet::provider(std::string_view prefix) const {
    const auto found = impl_->rows.find(prefix);
    return found == impl_->rows.end() ? nullptr : &found->second;
}

const std::map<std::string, ProviderRow, std::less<>>& PluginSet::providers() const {
    return impl_->rows;
}

std::vector<PluginInfo> PluginSet::list() const {
    std::vector<PluginInfo> infos;
    for (const auto& [plugin, file] : impl_->plugins) {
        const auto& manifest = plugin->manifest();
        infos.push_back(
            {manifest.id, manifest.version, file.string(), plugin->sha256(), manifest.components});
    }
    return infos;
}

std::vector<std::shared_ptr<const ComponentStats>> PluginSet::stats() const {
    std::vector<std::shared_ptr<const ComponentStats>> all;
    for (const auto& loaded : impl_->plugins) {
        const auto& stats = loaded.plugin->stats();
        all.insert(all.end(), stats.begin(), stats.end());
    }
    return all;
}

std::optional<ComponentRef> PluginSet::component(std::string_view kind,
                                                 std::string_view name) const {
    std::optional<ComponentRef> by_name;
    for (const auto& loaded : impl_->plugins) {
        for (const auto& component : loaded.plugin->manifest().components) {
            if (component.kind != kind) continue;
            if (component.id == name) return ComponentRef{loaded.plugin.get(), &component};
            const auto& names = component.names;
            if (!by_name && std::find(names.begin(), names.end(), name) != names.end()) {
                by_name = ComponentRef{loaded.plugin.get(), &component};
            }
        }
    }
    return by_name;
}

std::vector<std::string> PluginSet::names(std::string_view kind) const {
    std::vector<std::string> all;
    for (const auto& loaded : impl_->plugins) {
        for (const auto& component : loaded.plugin->manifest().components) {
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

/// Calls the plugin with a configuration that fits its schema; what it says goes to `report`.
std::shared_ptr<const Instance> create(const ComponentRef& ref, const std::string& name,
                                       const boost::json::object& config,
                                       const PluginSettings& settings, const std::string& base_url,
                                       const Report& report) {
    bool reachable = true;
    EgressList egress =
        egress_of(ref.plugin->manifest().id, *ref.component, settings, base_url, config,
                  [&](const std::string& pointer, const std::string& message) {
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
    const bay_kind& kind = *ref.plugin->kind(component.kind);
    const auto stats = ref.plugin->stats(component);
    Diagnostics diagnostics;
    bay_instance* raw = nullptr;
    bay_status status = BAY_OK;
    {
        const std::lock_guard lock(plugin_control_mutex());
        const CallScope scope(
            {stats->plugin.c_str(), stats->component.c_str(), stats->sha256.c_str(), "create", 0});
        status = kind.create(&info, diagnostics.table(), &raw);
    }
    const bool made = status == BAY_OK && raw != nullptr;
    bool explained = false;
    for (const auto& item : diagnostics.items()) {
        // A plugin that made an instance has no errors, whatever it calls them.
        const bool error = item.error && !made;
        explained = explained || error;
        report(error ? Problem::Severity::error : Problem::Severity::warning, item.pointer,
               item.message);
    }
    if (made)
        return std::make_shared<const Instance>(kind, raw, stats, ref.plugin->shared_from_this(),
                                                std::move(egress));
    if (!explained)
        report(Problem::Severity::error, "",
               "the plugin refused them (" + status_name(status) + ")");
    return nullptr;
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

std::shared_ptr<const Instance> PluginSet::create_instance(const ProviderRow& row,
                                                           std::vector<Problem>& problems) const {
    const auto& component = *row.component;
    const auto loaded =
        std::find_if(impl_->plugins.begin(), impl_->plugins.end(),
                     [&](const auto& one) { return one.plugin.get() == row.plugin; });
    const fs::path file = loaded == impl_->plugins.end() ? fs::path() : loaded->file;
    const Report report = [&](Problem::Severity severity, const std::string& pointer,
                              const std::string& message) {
        add(problems, severity, file,
            "settings of component \"" + component.id + "\" (prefix \"" + row.prefix + "\")" +
                (pointer.empty() ? std::string() : ", " + pointer) + ": " + message);
    };

    boost::json::object config;
    const auto given = impl_->settings.settings.find(component.id);
    if (given != impl_->settings.settings.end()) config = given->second;
    fill_defaults(component.config_schema, config);
    // The host's own members are checked with the rest if the schema speaks of them, and do not
    // offend it if it does not.
    const boost::json::object own{{"prefix", row.prefix}, {"row", row.row}};
    for (const auto& [name, value] : own) {
        config.erase(name);
        if (names_property(component.config_schema, name)) config.emplace(name, value);
    }
    if (!fits(component, config, report)) return nullptr;
    for (const auto& [name, value] : own) config.insert_or_assign(name, value);
    return create({row.plugin, row.component}, row.prefix, config, impl_->settings, row.base_url,
                  report);
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
    boost::json::object config;
    const auto settings = impl_->settings.settings.find(component.id);
    if (settings != impl_->settings.settings.end()) config = settings->second;
    for (const auto& [member, value] : given) config.insert_or_assign(member, value);
    for (const auto& [member, variables] : component.config_env) {
        if (config.contains(member)) continue;
        for (const std::string& variable : variables) {
            const auto value = environment(variable);
            if (!value || value->empty()) continue;
            config.emplace(member, *value);
            break;
        }
    }
    fill_defaults(component.config_schema, config);
    if (!fits(component, config, report)) return nullptr;
    return create(ref, name, config, impl_->settings, {}, report);
}

}  // namespace patchbay
