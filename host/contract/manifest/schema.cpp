#include "contract/manifest/schema.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>

#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "contract/manifest/schema_pattern.hpp"
#include "contract/manifest/schema_references.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

/// What valijson says of a value because of a problem in one of its members, which it reports as
/// well.
constexpr std::string_view kFollowsFromBelow =
    "Failed to validate against schema associated with property";

/// Changes the document, which must live as long as the schema does.
void compile(json::value& document, valijson::Schema& schema) {
    if (const auto wrong = check_references(document); !wrong.empty()) {
        throw std::runtime_error(wrong);
    }
    rename_patterns(document);
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    read_patterns(parser);
    parser.populateSchema(valijson::adapters::BoostJsonAdapter(document), schema);
}

/// valijson names a place as "<root>", "[name]", "[0]": the path as an RFC 6901 pointer.
std::string pointer_of(const std::vector<std::string>& context) {
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view part = context[i];
        if (part.starts_with('[') && part.ends_with(']')) part = part.substr(1, part.size() - 2);
        if (part.size() >= 2 && part.starts_with('"') && part.ends_with('"')) {
            part = part.substr(1, part.size() - 2);
        }
        pointer += '/';
        for (const char c : part) {
            if (c == '~') {
                pointer += "~0";
            } else if (c == '/') {
                pointer += "~1";
            } else {
                pointer += c;
            }
        }
    }
    return pointer;
}

}  // namespace

std::string check_schema(const json::object& schema) {
    try {
        json::value document(schema);
        valijson::Schema compiled;
        compile(document, compiled);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

std::vector<SchemaProblem> check_against_schema(const json::object& schema,
                                                const json::value& value) {
    std::vector<SchemaProblem> problems;
    try {
        json::value document(schema);
        valijson::Schema compiled;
        compile(document, compiled);
        valijson::Validator validator;
        valijson::ValidationResults results;
        if (!validator.validate(compiled, valijson::adapters::BoostJsonAdapter(value), &results)) {
            for (const auto& error : results) {
                if (error.description.starts_with(kFollowsFromBelow)) continue;
                problems.push_back({pointer_of(error.context), error.description});
            }
            if (problems.empty()) problems.push_back({"", "does not match the schema"});
        }
    } catch (const std::exception& error) {
        problems.push_back({"", std::string("the schema cannot be used: ") + error.what()});
    }
    return problems;
}

void fill_defaults(const json::object& schema, json::object& value) {
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr || !properties->is_object()) return;
    for (const auto& [name, property] : properties->get_object()) {
        const auto* object = property.if_object();
        const auto* preset = object == nullptr ? nullptr : object->if_contains("default");
        if (preset != nullptr && !value.contains(name)) value.emplace(name, *preset);
    }
}

bool names_property(const json::object& schema, std::string_view name) {
    const auto* properties = schema.if_contains("properties");
    if (properties != nullptr && properties->is_object() &&
        properties->get_object().contains(name)) {
        return true;
    }
    const auto* required = schema.if_contains("required");
    if (required == nullptr || !required->is_array()) return false;
    const auto& names = required->get_array();
    return std::any_of(names.begin(), names.end(), [&](const json::value& one) {
        return one.is_string() && std::string_view(one.get_string()) == name;
    });
}

}  // namespace patchbay
