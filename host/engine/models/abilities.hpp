// What models can do, as far as LiteLLM's price map says it: its `supports_...`.
#pragma once

#include <cstdint>
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

/// Does a model take a schema for its answer (`response_format` of the type json_schema)?
enum class SchemaSupport : std::uint8_t {
    takes,    ///< it does, or nothing is known of it
    lacks,    ///< the table knows what it can do, and this is not there
    refuses,  ///< `model_info.supports_response_schema: false`
};
/// As supported_by(), of one deployment's model. As slow as abilities_of().
SchemaSupport schema_support(const boost::json::object& configured, std::string_view provider,
                             std::string_view model);

}  // namespace patchbay
