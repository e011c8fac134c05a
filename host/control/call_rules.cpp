#include "control/call_rules.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/json/array.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

// As it is kept, if the body says anything of it; else nothing.
const json::value* given(const Context& context, const Entity& entity, std::string_view name) {
    const json::object& body = context.ask.body;
    if (!body.contains(name) && !body.contains("metadata")) return nullptr;
    const json::value* const metadata = entity.doc.if_contains("metadata");
    const json::object* const members = metadata ? metadata->if_object() : nullptr;
    const json::value* const found = members ? members->if_contains(name) : nullptr;
    return found && !found->is_null() ? found : nullptr;
}

std::vector<std::string> names(const Context& context, const Entity& entity,
                               std::string_view name) {
    std::vector<std::string> list;
    const json::value* const found = given(context, entity, name);
    if (!found) return list;
    if (!found->is_array()) refuse_value("body", name, "list_type", "Input should be a valid list");
    for (const json::value& one : found->get_array()) {
        if (!one.is_string()) {
            refuse_value("body", name, "string_type", "Input should be a valid string");
        }
        list.emplace_back(one.get_string());
    }
    return list;
}

bool says_something(const json::value* value) {
    if (!value || value->is_null()) return false;
    const json::array* const list = value->if_array();
    return !list || !list->empty();
}

}  // namespace

void check_call_rules(const Context& context, const Entity& entity) {
    names(context, entity, "enforced_params");
    const auto& there = context.settings.guardrails;
    for (const std::string& name : names(context, entity, "guardrails")) {
        if (std::find(there.begin(), there.end(), name) != there.end()) continue;
        refuse(400, "bad_request_error",
               "Guardrail '" + json_tree::to_utf8(name) + "' is not configured on this gateway.",
               "guardrails");
    }
    if (says_something(context.ask.body.if_contains("policies")) ||
        says_something(given(context, entity, "policies"))) {
        refuse(400, "bad_request_error",
               "There are no policies on this gateway, so calls could not be kept to them: name "
               "`guardrails`.",
               "policies");
    }
}

}  // namespace patchbay::control
