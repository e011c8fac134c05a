#include "gateway/plugins_page.hpp"

#include <ctime>
#include <map>

#include <boost/json.hpp>

#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_version.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

using Failures = std::map<std::string, ReloadFailures::Failure>;
using Plugins = std::vector<std::shared_ptr<const Plugin>>;

/// RFC 3339, in UTC.
std::string shown(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

json::value error_of(const std::string& what, std::chrono::system_clock::time_point time) {
    return json::object{{"message", what}, {"time", shown(time)}};
}

json::object component_of(const ComponentStats& stats) {
    json::object component{
        {"id", stats.component},
        {"kind", stats.kind},
        {"calls", stats.calls.load()},
        {"in_flight", stats.in_flight.load()},
        {"cpu_seconds", static_cast<double>(stats.busy_ns.load()) / 1e9},
        {"feed_p50_seconds", stats.feed_times.quantile(0.5)},
        {"feed_p99_seconds", stats.feed_times.quantile(0.99)},
        {"faults", stats.faults.load()},
        {"last_error", nullptr},
    };
    if (const auto fault = stats.last_fault.get()) {
        component["last_error"] = error_of(fault->what, fault->time);
    }
    return component;
}

std::int64_t in_flight(const Plugin& plugin) {
    std::int64_t open = 0;
    for (const auto& stats : plugin.stats()) open += stats->in_flight.load();
    return open;
}

json::object generation_of(const Plugin& plugin, std::string_view state) {
    json::array components;
    for (const auto& stats : plugin.stats()) components.push_back(component_of(*stats));
    return {{"version", plugin.manifest().version}, {"sha256", plugin.sha256()},
            {"generation", plugin.generation()},    {"state", state},
            {"in_flight", in_flight(plugin)},       {"components", std::move(components)}};
}

json::object count_of(const CanaryCount& count) {
    return {{"calls", count.calls}, {"errors", count.errors}};
}

json::object canary_of(const PluginEntry& entry, const PluginSettings& settings) {
    const auto options = settings.plugins.find(entry.id());
    json::object canary = generation_of(*entry.canary->plugin, "canary");
    canary["file"] = entry.canary->file.string();
    canary["share"] = options == settings.plugins.end() ? 0 : options->second.canary.value_or(0);
    canary["new_version"] = count_of(entry.trial->new_version());
    canary["old_version"] = count_of(entry.trial->old_version());
    return canary;
}

/// Generations of the plugin that only calls under way still hold.
json::array draining_of(const PluginEntry& entry, const Plugins& alive) {
    json::array draining;
    for (const auto& plugin : alive) {
        if (plugin->manifest().id != entry.id() || plugin == entry.serving.plugin) continue;
        if (entry.canary && plugin == entry.canary->plugin) continue;
        draining.push_back(generation_of(*plugin, "draining"));
    }
    return draining;
}

json::value last_error_of(const Failures& failures, const std::string& name) {
    const auto found = failures.find(name);
    if (found == failures.end() || !found->second.what) return nullptr;
    return error_of(*found->second.what, found->second.time);
}

}  // namespace

Page plugins_page(const Snapshot& snapshot, const ReloadFailures* failures) {
    const Plugins alive = Plugin::alive();
    Failures failed = failures ? failures->all() : Failures();
    json::array plugins;
    for (const PluginEntry& entry : snapshot.plugins->entries()) {
        json::object plugin{{"id", entry.id()}, {"file", entry.serving.file.string()}};
        for (auto& member : generation_of(*entry.serving.plugin, "serving")) {
            plugin[member.key()] = std::move(member.value());
        }
        plugin["file_gone"] = entry.file_gone;
        plugin["replaceable"] = entry.serving.plugin->replaceable();
        plugin["canary"] = nullptr;
        if (entry.canary) plugin["canary"] = canary_of(entry, snapshot.plugins->settings());
        plugin["draining"] = draining_of(entry, alive);
        plugin["last_error"] = last_error_of(failed, entry.id());
        failed.erase(entry.id());
        plugins.push_back(std::move(plugin));
    }
    json::array refused;
    for (const auto& [name, failure] : failed) {
        if (!failure.what) continue;
        refused.push_back(json::object{{"file", failure.file},
                                       {"last_error", error_of(*failure.what, failure.time)}});
    }
    Page page;
    page.body = json::serialize(
        json::object{{"plugins", std::move(plugins)}, {"refused_files", std::move(refused)}});
    return page;
}

}  // namespace patchbay::gateway
