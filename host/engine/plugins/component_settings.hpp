// The settings of a component: from where its members come, and what is wrong with them
// that its schema cannot say in words an operator knows.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "config/loader.hpp"
#include "contract/manifest/manifest.hpp"

namespace patchbay {

/// `given` over the operator's settings of the component, over what the variables hold that its
/// manifest names, over the defaults of its schema. An empty `environment` holds no variables.
boost::json::object component_settings(const ManifestComponent& component,
                                       const PluginSettings& settings,
                                       const boost::json::object& given,
                                       const Environment& environment);

/// "PRESIDIO_ANALYZER_API_BASE (or `presidio_analyzer_api_base`)": the required members that
/// `settings` lacks, with "and" between them, those with variables by the names of these; empty =
/// none is missing. `section` stands before the members, "callback_settings.langfuse.".
std::string missing_settings(const ManifestComponent& component,
                             const boost::json::object& settings, std::string_view section);

/// Takes white space off the ends of secrets and headers, for a mounted secret ends with a line
/// end, and tells `wrong` of members (as JSON pointers) that no HTTP header can carry.
void check_headers(const ManifestComponent& component, boost::json::object& settings,
                   const std::function<void(const std::string& pointer)>& wrong);

}  // namespace patchbay
