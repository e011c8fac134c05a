// What models can do, as far as LiteLLM's price map says it: its `supports_...`.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay {

/// The words behind `supports_` of a model of the catalogue ("function_calling tool_choice vision"), parted by spaces;
/// empty: nothing is known of it. `name` is a row's (CatalogueModel::name). Goes through a table of 160 KB: some 10 us.
std::string_view abilities_of(std::string_view name);

/// What a deployment supports: `supports_...: true` for all that is known of its model or of its `base_model`, with what
/// `configured` (its model_info) says instead.
boost::json::object supported_by(const boost::json::object& configured, std::string_view provider,
                                 std::string_view model);

}  // namespace patchbay
