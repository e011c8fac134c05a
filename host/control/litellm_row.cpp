#include "control/litellm_row.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "control/durations.hpp"
#include "control/entity.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

// Documents that Prisma was given as texts.
void unwrap(json::value& value) {
    const json::string* text = value.if_string();
    if (!text || !(text->starts_with('{') || text->starts_with('['))) return;
    json_tree::Tree inner = json_tree::read(std::string_view(*text));
    if (inner && (inner.value.is_object() || inner.value.is_array())) {
        value = std::move(inner.value);
    }
}

}  // namespace

bool LitellmRow::has(std::string_view column) const {
    const json::value* found = columns_.if_contains(column);
    return found && !found->is_null();
}

std::string LitellmRow::text(std::string_view column) const {
    const json::value* found = columns_.if_contains(column);
    const json::string* text = found ? found->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

std::optional<std::int64_t> LitellmRow::time(std::string_view column) const {
    return has(column) ? read_time(text(column)) : std::nullopt;
}

std::int64_t LitellmRow::money(std::string_view column) const {
    const json::value* found = columns_.if_contains(column);
    const auto amount = found ? read_money(*found) : std::nullopt;
    return amount ? std::max<std::int64_t>(*amount, 0) : 0;
}

json::value LitellmRow::take(std::string_view column) {
    const auto found = columns_.find(column);
    if (found == columns_.end()) return nullptr;
    json::value value = std::move(found->value());
    columns_.erase(found);
    return value;
}

bool says_nothing(const json::value& value) {
    if (const auto* object = value.if_object()) {
        return object->empty() || json_tree::write(value) == "0";
    }
    if (const auto* list = value.if_array()) return list->empty();
    if (const auto* text = value.if_string()) return text->empty();
    return value.is_null() || (value.is_bool() && !value.get_bool()) ||
           (value.is_number() && value.to_number<double>() == 0);
}

std::optional<LitellmRow> read_litellm_row(std::string_view text) {
    json_tree::Tree tree = json_tree::read(text);
    json::object* object = tree ? tree.value.if_object() : nullptr;
    if (object == nullptr) return std::nullopt;
    constexpr std::string_view kDocuments[] = {"aliases",
                                               "config",
                                               "permissions",
                                               "metadata",
                                               "model_max_budget",
                                               "budget_fallbacks",
                                               "budget_limits",
                                               "router_settings",
                                               "members_with_roles",
                                               "model_info",
                                               "mcp_tool_permissions"};
    for (const std::string_view name : kDocuments) {
        if (json::value* value = object->if_contains(name)) unwrap(*value);
    }
    return LitellmRow(std::move(*object));
}

}  // namespace patchbay::control
