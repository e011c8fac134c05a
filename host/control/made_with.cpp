#include "control/made_with.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <boost/json/array.hpp>

#include "control/durations.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

// What a shared budget has, too: beside one it is not given.
constexpr auto kLimits = std::to_array<std::string_view>(
    {"max_budget", "budget_duration", "tpm_limit", "rpm_limit", "max_parallel_requests"});

bool is_some(const json::value* value) {
    return value != nullptr && !value->is_null();
}

bool is_empty(const json::value& value) {
    return (value.is_array() && value.get_array().empty()) ||
           (value.is_object() && value.get_object().empty());
}

// Whether the body leaves it to the configuration. An empty list or mapping says nothing, as in LiteLLM, but a budget
// that is asked for without an end has none.
bool is_open(const json::object& body, std::string_view name) {
    const json::value* const said = body.if_contains(name);
    if (!is_some(said)) return said == nullptr || name != "budget_duration";
    return (name == "models" || name == "metadata") && is_empty(*said);
}

void add(json::object& body, std::string_view name, const json::value& value) {
    const bool limit = std::find(kLimits.begin(), kLimits.end(), name) != kLimits.end();
    if (limit && is_some(body.if_contains("budget_id"))) return;
    if (is_open(body, name)) body[name] = value;
}

void add_all(json::object& body, const json::object& given) {
    for (const auto& [name, value] : given) add(body, name, value);
}

bool is_service_account(const json::object& body) {
    const json::value* const metadata = body.if_contains("metadata");
    const json::object* const members = metadata ? metadata->if_object() : nullptr;
    return members && is_some(members->if_contains("service_account_id"));
}

struct Bound {
    std::string_view name;
    std::string_view column;  ///< of budgets
    std::optional<std::int64_t> KeyBounds::*most;
};
constexpr auto kBounds = std::to_array<Bound>({
    {"max_budget", "max_nano", &KeyBounds::max_budget_nano},
    {"tpm_limit", "tpm", &KeyBounds::tpm_limit},
    {"rpm_limit", "rpm", &KeyBounds::rpm_limit},
    {"max_parallel_requests", "parallel", &KeyBounds::max_parallel_requests},
});

json::value shown_amount(const Bound& bound, std::int64_t amount) {
    return bound.most == &KeyBounds::max_budget_nano ? money_value(amount) : json::value(amount);
}

[[noreturn]] void refuse_over(std::string_view name, const std::string& asked,
                              const std::string& most) {
    refuse(400, "bad_request_error",
           std::string(name) + " is over max limit set in config - user_value=" + asked +
               "; max_value=" + most,
           name);
}

// Without a limit: LiteLLM's word.
constexpr const char* kNone = "None";

void check_length(std::string_view name, const std::optional<std::string>& asked,
                  const std::string& most) {
    if (most.empty()) return;
    const std::int64_t now = unix_us();
    const auto length = asked ? read_duration(*asked) : std::nullopt;
    const auto bound = read_duration(most);
    if (length && bound && after(now, *length) <= after(now, *bound)) return;
    refuse_over(name, asked.value_or(kNone), most);
}

// Of what its budget is, with what it is raised by for a time.
std::optional<std::int64_t> limit_of(const Entity& key, const Bound& bound) {
    if (!key.budget || !key.budget->has(bound.column)) return std::nullopt;
    const std::int64_t limit = key.budget->number(bound.column);
    const bool raised = bound.most == &KeyBounds::max_budget_nano && key.budget->has("extra_nano");
    const std::int64_t extra = raised ? key.budget->number("extra_nano") : 0;
    return limit > std::numeric_limits<std::int64_t>::max() - extra
               ? std::numeric_limits<std::int64_t>::max()
               : limit + extra;
}

}  // namespace

void add_bounds(const Settings& settings, json::object& body) {
    const KeyBounds& bounds = settings.keys.bounds;
    for (const Bound& bound : kBounds) {
        const auto& most = bounds.*(bound.most);
        if (most) add(body, bound.name, shown_amount(bound, *most));
    }
    if (!bounds.budget_duration.empty()) {
        add(body, "budget_duration", json::value(bounds.budget_duration));
    }
    if (!bounds.duration.empty()) add(body, "duration", json::value(bounds.duration));
}

Ask with_key_defaults(const Context& context) {
    Ask ask = context.ask;
    json::object& body = ask.body;
    json::object given = context.settings.keys.default_key;
    // What says itself which routes are open has them; so have service accounts, as in LiteLLM.
    if (is_some(body.if_contains("key_type")) || is_service_account(body)) {
        given.erase("allowed_routes");
    }
    add_all(body, given);
    add_bounds(context.settings, body);
    return ask;
}

void check_bounds(const Context& context, const Entity& key) {
    const KeyBounds& bounds = context.settings.keys.bounds;
    const json::object& body = context.ask.body;
    const bool whole = key.is_new() || is_some(body.if_contains("budget_id"));
    for (const Bound& bound : kBounds) {
        const auto& most = bounds.*(bound.most);
        if (!most) continue;
        const bool raised =
            bound.most == &KeyBounds::max_budget_nano && body.contains("temp_budget_increase");
        if (!whole && !raised && !body.contains(bound.name)) continue;
        const auto limit = limit_of(key, bound);
        if (limit && *limit <= *most) continue;
        refuse_over(bound.name,
                    limit ? json_tree::write(shown_amount(bound, *limit)) : std::string(kNone),
                    json_tree::write(shown_amount(bound, *most)));
    }
    const bool budget = key.budget && key.budget->has("max_nano");
    if (budget && (whole || body.contains("budget_duration") || body.contains("max_budget"))) {
        const bool ends = key.budget->has("duration");
        check_length("budget_duration",
                     ends ? std::optional(key.budget->text("duration")) : std::nullopt,
                     bounds.budget_duration);
    }
    const auto duration = context.text("duration");
    if (key.is_new() || duration) check_length("duration", duration, bounds.duration);
}

Ask with_user_defaults(const Context& context) {
    Ask ask = context.ask;
    json::object& body = ask.body;
    const KeySettings& keys = context.settings.keys;
    const auto role = context.text("user_role");
    if (role && *role == role_name(Role::proxy_admin)) return ask;
    add_all(body, keys.default_user);
    const json::value* const made = body.if_contains("user_role");
    if (made && *made == json::value(role_name(Role::internal_user))) {
        add_all(body, keys.internal_user);
    }
    return ask;
}

json::object named_user_defaults(const Settings& settings) {
    json::object given = settings.keys.default_user;
    given.erase("teams");
    add_all(given, settings.keys.internal_user);
    return given;
}

void add_internal_budget(const Context& context, Entity& user) {
    const auto role = context.text("user_role");
    if (!role || *role != role_name(Role::internal_user)) return;
    if (user.budget && (user.shares_budget() || user.budget->has("max_nano"))) return;
    if (context.ask.body.contains("max_budget")) return;
    fill(user, context.settings.keys.internal_user, context.records);
}

Ask with_team_defaults(const Context& context) {
    Ask ask = context.ask;
    add_all(ask.body, context.settings.keys.default_team);
    return ask;
}

}  // namespace patchbay::control
