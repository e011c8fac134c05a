#include "engine/plugins/containment.hpp"

#include "contract/http/url.hpp"
#include "engine/plugins/plugin.hpp"

namespace patchbay {

void apply_options(const Plugin& plugin, const PluginSettings& settings) {
    using std::chrono::nanoseconds;
    const auto found = settings.plugins.find(plugin.manifest().id);
    const PluginOptions options = found == settings.plugins.end() ? PluginOptions{} : found->second;
    const auto budget = options.feed_budget.value_or(settings.feed_budget);
    for (const auto& stats : plugin.stats()) {
        stats->breaker.configure(options.breaker.value_or(settings.breaker));
        stats->feed_budget_ns.store(nanoseconds(budget).count(), std::memory_order_relaxed);
    }
}

std::string check_egress(const Manifest& manifest) {
    for (std::size_t i = 0; i < manifest.components.size(); ++i) {
        EgressList list;
        for (const std::string& entry : manifest.components[i].egress) {
            const std::string wrong = list.add(entry, EgressList::From::manifest);
            if (wrong.empty()) continue;
            return "manifest: /components/" + std::to_string(i) + "/egress: \"" + entry + "\" " +
                   wrong;
        }
    }
    return {};
}

void check_egress(const PluginSettings& settings, std::vector<Problem>& problems) {
    for (const auto& [id, options] : settings.plugins) {
        if (!options.egress) continue;
        EgressList list;
        for (const PlacedText& entry : *options.egress) {
            const std::string wrong = list.add(entry.text, EgressList::From::operators);
            if (wrong.empty()) continue;
            problems.push_back({Problem::Severity::error, entry.place,
                                "`plugins." + id + ".egress`: this entry " + wrong});
        }
    }
}

EgressList egress_of(
    const std::string& plugin_id, const ManifestComponent& component,
    const PluginSettings& settings, const std::string& base_url,
    const std::vector<std::string>& more, const boost::json::object& config,
    const std::function<void(const std::string& pointer, const std::string& message)>& report) {
    EgressList list;
    const auto found = settings.plugins.find(plugin_id);
    if (found != settings.plugins.end() && found->second.egress) {
        for (const PlacedText& entry : *found->second.egress) {
            list.add(entry.text, EgressList::From::operators);
        }
    } else {
        for (const auto* entries : {&component.egress, &more}) {
            for (const std::string& entry : *entries) list.add(entry, EgressList::From::manifest);
        }
    }
    if (!base_url.empty()) list.add_url(base_url);
    for (const ConfiguredUrl& configured : configured_urls(component.config_schema, config)) {
        if (configured.url.empty()) continue;
        const bool fragment = configured.url.find('#') != std::string::npos;
        if (list.add_url(configured.url) && !fragment) continue;
        report(configured.pointer, http::base_url_fault(configured.url));
    }
    return list;
}

}  // namespace patchbay
