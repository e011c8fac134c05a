// JSON Schema (draft 7), for plugin settings and answers of models.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace patchbay {

struct SchemaProblem {
    std::string pointer;  ///< RFC 6901, into the checked value; "" = the whole
    std::string message;
};

/// What is wrong with the schema itself; empty = nothing. References out of the document are
/// refused, and those that lead back to where they stand. Bounded in time and stack, as the
/// checks of values are, whatever stands in a schema of at most 1 MiB.
std::string check_schema(const boost::json::object& schema);

/// Everything in `value` that the schema forbids. An empty schema allows everything. A schema that
/// is itself wrong is reported as a problem of the whole.
std::vector<SchemaProblem> check_against_schema(const boost::json::object& schema,
                                                const boost::json::value& value);

/// Adds the "default" of every top-level property that `value` lacks.
void fill_defaults(const boost::json::object& schema, boost::json::object& value);

/// Does the schema speak of a top-level property of that name ("properties" or "required")?
bool names_property(const boost::json::object& schema, std::string_view name);

}  // namespace patchbay
