// How a virtual key comes to be: the making half of people.hpp.
#include <array>

#include <boost/json/array.hpp>
#include <openssl/rand.h>

#include "contract/crypto/base64.hpp"
#include "control/call_rules.hpp"
#include "control/durations.hpp"
#include "control/key_rates.hpp"
#include "control/key_rules.hpp"
#include "control/made_with.hpp"
#include "control/people.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::size_t kShortestKey = 16;  ///< of a key that the client chooses, with its "sk-"

// LiteLLM's kinds of keys are lists of routes.
void set_key_type(Entity& key, const Context& context) {
    const auto type = context.text("key_type");
    if (!type || *type == "default") return;
    std::string_view routes;
    if (*type == "llm_api") routes = "llm_api_routes";
    if (*type == "management") routes = "management_routes";
    if (*type == "read_only") routes = "info_routes";
    if (routes.empty()) {
        refuse_value("body", "key_type", "enum",
                     "Input should be 'llm_api', 'management', 'read_only' or 'default'");
    }
    key.doc["allowed_routes"] = json::array{routes};
}

}  // namespace

std::string new_key_text() {
    std::array<unsigned char, 16> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
        refuse(500, "internal_server_error", "The system gives no random numbers.");
    }
    std::string text = "sk-";
    append_base64(text, {reinterpret_cast<const char*>(random.data()), random.size()});
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

std::string text_for_key(const Context& context, std::string_view name) {
    auto chosen = context.text(name);
    if (chosen && context.settings.disable_custom_api_keys) {
        refuse(403, "auth_error",
               "Custom API key values are disabled by your administrator. Keys must be "
               "auto-generated.",
               name);
    }
    return chosen && !chosen->empty() ? std::move(*chosen) : new_key_text();
}

void set_key_text(Entity& key, std::string_view text) {
    if (!text.starts_with("sk-")) {
        refuse(400, "bad_request_error",
               "Invalid key format. LiteLLM Virtual Key must start with 'sk-'.", "key");
    }
    if (text.size() < kShortestKey) {
        refuse(400, "bad_request_error", "The key is too short: it has at least 16 characters.",
               "key");
    }
    for (const char c : text) {
        if (c <= ' ' || c > '~') {
            refuse(400, "bad_request_error", "The key has a character that no client can send.",
                   "key");
        }
    }
    key.row.set("hash", key_hash(text));
    key.row.set("name", "sk-..." + std::string(text.substr(text.size() - 4)));
}

void set_key_organization(Context& context, Entity& key) {
    const auto project = context.text("project_id");
    if (project && !project->empty()) {
        refuse(400, "bad_request_error",
               "There are no projects on this gateway, so a key could not have their limits.",
               "project_id");
    }
    const auto name = context.text("organization_id");
    if (!name) return;
    const auto row = must(context.records.get(store::kOrganizationTable, "organization_id", *name));
    if (!row) refuse_detail(404, "Organization not found, passed organization_id=" + *name);
    key.row.set("organization", row->id);
}

json::object make_key(Context& context, store::Writing& writing,
                      const std::optional<store::Row>& user, std::string text) {
    Entity key(kKeyResource);
    key.row.set("blocked", std::int64_t{0});
    key.row.set("is_session", std::int64_t{0});
    check_rotation(context);
    fill(key, context.ask.body, context.records);
    check_call_rules(context, key);
    check_bounds(context, key);
    set_key_type(key, context);
    set_key_text(key, text);
    if (must(context.records.get(store::kKeyTable, "hash", key.row.text("hash")))) {
        refuse(400, "bad_request_error", "A key with this value exists already.", "key");
    }
    const auto alias = context.text("key_alias");
    if (alias && must(context.records.get(store::kKeyTable, "alias", *alias))) {
        refuse(400, "bad_request_error",
               "Key with alias '" + *alias +
                   "' already exists. Unique key aliases across all keys are required.",
               "key_alias");
    }
    refuse_spend(context);
    if (user) key.row.set("user", user->id);
    if (const auto team_id = context.text("team_id")) {
        const store::Row team = team_named(context, *team_id);
        key.row.set("team", team.id);
        if (team.has("organization")) key.row.set("organization", team.number("organization"));
    }
    set_key_organization(context, key);
    const auto duration = context.text("duration");
    if (duration && *duration != "-1") {
        const auto read = read_duration(*duration);
        if (!read) {
            refuse(400, "bad_request_error",
                   "duration must be a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo", "duration");
        }
        key.row.set("expires", after(unix_us(), *read));
    }
    check_guaranteed(context, key);
    put(writing, key, "created");
    return shown_secret(context, key, text);
}

json::object shown_secret(Context& context, const Entity& key, std::string_view text) {
    json::object object = shown_key_row(context, key);
    object["key"] = text;
    object["token_id"] = object["token"];
    const auto as_asked = [&](std::string_view name) {
        const json::value* asked = context.ask.body.if_contains(name);
        return asked ? *asked : json::value();
    };
    object["duration"] = as_asked("duration");
    // What LiteLLM keeps in `metadata` is told as it was asked for.
    for (const Field& field : kKeyResource.fields) {
        if (field.where == Where::metadata) object[field.name] = as_asked(field.name);
    }
    return object;
}

}  // namespace patchbay::control
