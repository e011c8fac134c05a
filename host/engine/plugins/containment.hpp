// What the operator's options mean for the components of a plugin.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "contract/actions/egress.hpp"
#include "contract/manifest/manifest.hpp"

namespace patchbay {

class Plugin;

/// Sets breaker and time budget of every component. They hold for calls that begin later, of every
/// generation that uses the same file.
void apply_options(const Plugin& plugin, const PluginSettings& settings);

/// The entries of `egress` in the manifest that are no origins, as one text; empty = none.
std::string check_egress(const Manifest& manifest);

/// What is wrong in `plugins.<id>.egress`, entry by entry.
void check_egress(const PluginSettings& settings, std::vector<Problem>& problems);

/// Where an instance with this configuration may call: the operator's list of the plugin, else the
/// component's own and `more`; `base_url` (may be empty); and what the configuration holds that its
/// schema marks "x-bay-url". `report` is told, with a JSON pointer, of such a value that is no URL.
EgressList egress_of(
    const std::string& plugin_id, const ManifestComponent& component,
    const PluginSettings& settings, const std::string& base_url,
    const std::vector<std::string>& more, const boost::json::object& config,
    const std::function<void(const std::string& pointer, const std::string& message)>& report);

}  // namespace patchbay
