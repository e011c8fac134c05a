#include "engine/plugins/plugin_scan.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "contract/manifest/schema.hpp"
#include "engine/plugins/containment.hpp"
#include "engine/plugins/probe.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

namespace fs = std::filesystem;

PluginScan scan_plugin_directories(const std::vector<fs::path>& directories,
                                   const std::map<fs::path, Place>& places,
                                   std::vector<Problem>& problems) {
    PluginScan scan;
    const auto left_out = [&](const fs::path& directory, const std::string& why) {
        const auto named = places.find(directory);
        const Place place = named != places.end() ? named->second : Place{directory.string(), 0, 0};
        const std::string which = named != places.end() ? " " + directory.string() : "";
        problems.push_back(
            {Problem::Severity::warning, place, "plugin directory" + which + " " + why, true});
        scan.unreadable.insert(directory);
    };
    std::set<fs::path> seen;
    for (const auto& directory : directories) {
        std::error_code error;
        std::vector<fs::path> found;
        if (const auto wrong = check_trusted_directory(directory); !wrong.empty()) {
            left_out(directory, wrong + "; its plugins are left out");
            continue;
        }
        fs::directory_iterator entry(directory, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
            const auto& path = entry->path();
            if (path.extension() == ".so" && !path.filename().native().starts_with('.')) {
                found.push_back(path);
            }
        }
        if (error) left_out(directory, "cannot be read: " + error.message());
        std::sort(found.begin(), found.end());
        for (auto& path : found) {
            if (seen.insert(path.filename()).second) scan.files.push_back(std::move(path));
        }
    }
    return scan;
}

boost::system::result<PluginFile, std::string> inspect_candidate(const fs::path& file,
                                                                 const TrustPolicy& trust) {
    using boost::system::in_place_error;
    auto plugin = inspect_plugin_file(file);
    if (!plugin) return plugin;
    if (auto wrong = trust.check(*plugin); !wrong.empty())
        return {in_place_error, std::move(wrong)};
    const auto& components = plugin->manifest.components;
    for (std::size_t i = 0; i < components.size(); ++i) {
        const auto wrong = check_schema(components[i].config_schema);
        if (wrong.empty()) continue;
        return {in_place_error, "manifest: /components/" + std::to_string(i) +
                                    "/config_schema is no JSON schema: " + wrong};
    }
    if (auto wrong = check_egress(plugin->manifest); !wrong.empty()) {
        return {in_place_error, std::move(wrong)};
    }
    return plugin;
}

std::map<fs::path, std::string> trial_load(const fs::path& program,
                                           const std::vector<fs::path>& copies) {
    if (program.empty() || copies.empty()) return {};
    auto bad = probe_plugins({.program = program}, copies);
    if (bad) return std::move(*bad);
    std::map<fs::path, std::string> all;
    for (const auto& copy : copies) all.emplace(copy, bad.error());
    return all;
}

}  // namespace patchbay
