#include "control/context.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>

#include "contract/http/query.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

void check_text(std::string_view where, std::string_view name, std::string_view text) {
    if (text.find('\0') == text.npos) return;
    refuse_value(where, name, "string_type", "Input should be a valid string without NUL");
}

void refuse_store(const store::Failure& failure) {
    using Kind = store::Failure::Kind;
    switch (failure.kind) {
        case Kind::away:
            refuse(503, "no_db_connection",
                   "The database cannot be reached or is busy. Try again.");
        case Kind::conflict:
            refuse(409, "bad_request_error",
                   "The row was changed by somebody else meanwhile, or its name is taken.");
        case Kind::corrupt:
            break;
    }
    refuse(500, "internal_server_error", "The database holds what this program cannot read.");
}

json::object document_of(const store::Row& row) {
    json_tree::Tree tree = json_tree::read(row.doc);
    json::object* const object = tree ? tree.value.if_object() : nullptr;
    if (object == nullptr) {
        refuse_store({store::Failure::Kind::corrupt, "a document is no JSON object"});
    }
    return std::move(*object);
}

std::optional<std::string> Context::text(std::string_view name) const {
    if (const json::value* member = ask.body.if_contains(name)) {
        if (member->is_null()) return std::nullopt;
        if (!member->is_string()) {
            refuse_value("body", name, "string_type", "Input should be a valid string");
        }
        check_text("body", name, member->get_string());
        return std::string(member->get_string());
    }
    auto value = http::query_value(ask.query, name);
    if (value && !json_tree::is_utf8(*value)) {
        refuse_value("query", name, "string_unicode", "Input should be a valid string in UTF-8");
    }
    if (value) check_text("query", name, *value);
    return value;
}

std::string Context::required(std::string_view name) const {
    auto found = text(name);
    if (!found || found->empty()) refuse_missing(ask.method == "GET" ? "query" : "body", name);
    return std::move(*found);
}

bool Context::flag(std::string_view name, bool otherwise) const {
    const auto value = http::query_value(ask.query, name);
    if (!value) return otherwise;
    for (const std::string_view yes : {"true", "True", "1", "yes", "on"}) {
        if (*value == yes) return true;
    }
    for (const std::string_view no : {"false", "False", "0", "no", "off"}) {
        if (*value == no) return false;
    }
    refuse_value("query", name, "bool_parsing", "Input should be a valid boolean");
}

std::int64_t Context::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                             std::int64_t most) const {
    const auto value = http::query_value(ask.query, name);
    if (!value) return otherwise;
    std::int64_t number = 0;
    const auto [end, ec] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (ec != std::errc() || end != value->data() + value->size()) {
        refuse_value("query", name, "int_parsing", "Input should be a valid integer");
    }
    if (number < least) {
        refuse_value("query", name, "greater_than_equal",
                     "Input should be greater than or equal to " + std::to_string(least));
    }
    if (number > most) {
        refuse_value("query", name, "less_than_equal",
                     "Input should be less than or equal to " + std::to_string(most));
    }
    return number;
}

std::vector<std::string> Context::texts(std::string_view name) const {
    std::vector<std::string> found;
    const json::value* member = ask.body.if_contains(name);
    if (member == nullptr || member->is_null()) return found;
    const auto* list = member->if_array();
    if (list == nullptr) refuse_value("body", name, "list_type", "Input should be a valid list");
    for (const json::value& element : *list) {
        if (!element.is_string()) {
            refuse_value("body", name, "string_type", "Input should be a valid string");
        }
        check_text("body", name, element.get_string());
        found.emplace_back(element.get_string());
    }
    return found;
}

std::vector<std::string> Context::distinct(std::string_view name) const {
    std::vector<std::string> found;
    for (std::string& text : texts(name)) {
        if (std::find(found.begin(), found.end(), text) == found.end()) {
            found.push_back(std::move(text));
        }
    }
    return found;
}

store::Writing Context::write() const {
    return must(store::Writing::begin(records, caller.actor(ask)));
}

}  // namespace patchbay::control
