#include "control/caller.hpp"

#include <boost/json/array.hpp>

#include "contract/crypto/crypto.hpp"
#include "control/context.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

namespace {

namespace json = boost::json;

constexpr std::size_t kHashBytes = 32;

[[noreturn]] void refuse_key(int status, std::string_view type, const std::string& message,
                             std::string_view param = "None") {
    refuse(status, type, "Authentication Error" + message, param);
}

// LiteLLM's groups of routes, as far as they are of management.
bool group_has(std::string_view group, Access access) {
    if (group == "management_routes") return true;
    if (group == "info_routes") return access == Access::any_key;
    if (group == "spend_tracking_routes") return access == Access::spend;
    return false;
}

void check_routes(const store::Row& key, std::string_view route, Access access) {
    const json::object doc = document_of(key);
    const json::value* const member = doc.if_contains("allowed_routes");
    if (member == nullptr || member->is_null()) return;
    const json::array* const routes = member->if_array();
    if (routes != nullptr && routes->empty()) return;
    for (const json::value& entry : routes ? *routes : json::array{*member}) {
        const auto* text = entry.if_string();
        if (text == nullptr) continue;
        const std::string_view allowed = *text;
        if (allowed == route || group_has(allowed, access)) return;
        if (allowed.ends_with("/*") && route.starts_with(allowed.substr(0, allowed.size() - 1))) {
            return;
        }
    }
    refuse(403, "auth_error",
           "Virtual key is not allowed to call this route. Only allowed to call routes: " +
               json_tree::write(*member) + ". Tried to call route: " + std::string(route));
}

std::optional<store::Row> find_key(store::Records& records, const std::string& hash) {
    if (auto row = must(records.get(store::kKeyTable, "hash", hash))) return row;
    store::Statement old(records.database().handle(),
                         "SELECT key FROM key_old WHERE hash = ? AND until > ?");
    const auto found =
        old.bind(1, std::span(reinterpret_cast<const std::uint8_t*>(hash.data()), hash.size()))
            .bind(2, unix_us())
            .step();
    if (!must(found)) return std::nullopt;
    auto row = must(records.get(store::kKeyTable, old.number(0)));
    if (row && row->deleted_at) return std::nullopt;
    return row;
}

}  // namespace

std::string key_hash(std::string_view key) {
    if (key.size() == 2 * kHashBytes) {
        if (auto hash = store::unhex(key)) return std::move(*hash);
    }
    const auto hash = sha256(key);
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

store::Actor Caller::actor(const Ask& ask) const {
    return {.user_id = user_id,
            .key = key ? key->id : 0,
            .address = ask.address,
            .changed_by = ask.changed_by};
}

Caller identify(store::Records* records, const Secret& master_key, const Ask& ask,
                std::string_view route, Access access) {
    Caller caller;
    if (master_key.empty() || (!ask.key.empty() && master_key.equals(ask.key.reveal()))) {
        caller.role = Role::proxy_admin;
        caller.user_id = kDefaultUser;
        return caller;
    }
    if (ask.key.empty()) refuse_key(401, "auth_error", ", No api key passed in.");
    if (records == nullptr) refuse(400, "no_db_connection", "No connected db.");
    if (!ask.key.reveal().starts_with("sk-")) {
        refuse_key(401, "auth_error", ", Virtual Key expected: a key starts with 'sk-'.");
    }
    caller.key = find_key(*records, key_hash(ask.key.reveal()));
    if (!caller.key) {
        refuse_key(401, "token_not_found_in_db", ", Invalid proxy server token passed.", "key");
    }
    const store::Row& key = *caller.key;
    if (key.number("blocked") != 0) {
        refuse_key(401, "auth_error",
                   ", Key is blocked. Update via `/key/unblock` if you're admin.");
    }
    if (key.has("expires") && key.number("expires") <= unix_us()) {
        refuse_key(401, "expired_key", " - Expired Key.");
    }
    if (key.has("team")) {
        const auto team = must(records->get(store::kTeamTable, key.number("team")));
        if (team && team->number("blocked") != 0) {
            refuse_key(401, "auth_error",
                       ", Team=" + team->text("team_id") +
                           " is blocked. Update via `/team/unblock` if your admin.");
        }
    }
    if (key.has("user")) {
        caller.user = must(records->get(store::kUserTable, key.number("user")));
        if (caller.user && caller.user->deleted_at) caller.user.reset();
        if (caller.user) {
            caller.user_id = caller.user->text("user_id");
            caller.role = role_of(caller.user->text("role")).value_or(Role::none);
        }
    }
    check_routes(key, route, access);
    return caller;
}

}  // namespace patchbay::control
