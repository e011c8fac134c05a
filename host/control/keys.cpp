// POST /key/generate, update, delete, regenerate, block, unblock.
#include <algorithm>

#include <boost/json/array.hpp>

#include "control/call_rules.hpp"
#include "control/durations.hpp"
#include "control/ids.hpp"
#include "control/key_rates.hpp"
#include "control/key_rules.hpp"
#include "control/made_with.hpp"
#include "control/people.hpp"
#include "control/route.hpp"
#include "patchbay/json_tree.hpp"
#include "store/hex.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

bool may(Context& context, const store::Row& key, std::string_view route) {
    return may_change(context, key) ||
           (key.has("team") && member_may(context, key.number("team"), route));
}

Entity changeable_key(Context& context, const std::string& name, std::string_view route) {
    store::Row row = key_named(context, name);
    if (!may(context, row, route)) refuse_foreign(context, "change this key");
    return Entity::load(context.records, kKeyResource, std::move(row));
}

json::value set_key_blocked(Context& context, bool blocked) {
    store::Row row = key_named(context, context.required("key"));
    const std::string_view route = blocked ? "/key/block" : "/key/unblock";
    if (!context.caller.is_admin() &&
        !(row.has("team") && member_may(context, row.number("team"), route))) {
        refuse_foreign(context, "block or unblock this key");
    }
    Entity key = Entity::load(context.records, kKeyResource, std::move(row));
    key.row.set("blocked", std::int64_t{blocked ? 1 : 0});
    store::Writing writing = context.write();
    put(writing, key, blocked ? "blocked" : "unblocked");
    must(writing.commit());
    return shown_key_row(context, key);
}

}  // namespace

json::value generate_key(Context& asked) {
    check_new_key(asked, "/key/generate");
    const Ask ask = with_key_defaults(asked);
    Context context{asked.records, asked.caller, ask, asked.settings};
    auto user_id = context.text("user_id");
    if (!context.caller.is_admin()) {
        user_id = asked.text("user_id");
        if (user_id && *user_id != context.caller.user_id) {
            refuse(403, "auth_error",
                   "User can only create keys for themselves. Got user_id=" + *user_id +
                       ", Your ID=" + context.caller.user_id);
        }
        user_id = context.caller.user_id;
    }
    store::Writing writing = context.write();
    std::optional<store::Row> user;
    if (user_id && !user_id->empty()) user = user_or_new(context, writing, *user_id);
    json::object made = make_key(context, writing, user, text_for_key(context, "key"));
    must(writing.commit());
    return made;
}

json::value generate_service_key(Context& asked) {
    if (!asked.text("team_id")) refuse_detail(400, "team_id is required for service account keys");
    check_new_key(asked, "/key/service-account/generate");
    Ask named = asked.ask;
    const json::value* const metadata = named.body.if_contains("metadata");
    if (metadata == nullptr || metadata->is_null()) named.body["metadata"] = json::object();
    // Another type is refused where the key is filled.
    if (json::object* const members = named.body.at("metadata").if_object()) {
        json::value& id = (*members)[kServiceAccount];
        if (id.is_null()) id = asked.text("key_alias").value_or(new_uuid());
    }
    const Ask ask = with_key_defaults({asked.records, asked.caller, named, asked.settings});
    Context context{asked.records, asked.caller, ask, asked.settings};
    store::Writing writing = context.write();
    json::object made = make_key(context, writing, std::nullopt, text_for_key(context, "key"));
    must(writing.commit());
    return made;
}

json::value update_key(Context& context) {
    Entity key = changeable_key(context, context.required("key"), "/key/update");
    check_guarded(context, key);
    const auto alias = context.text("key_alias");
    if (alias) {
        const auto other = must(context.records.get(store::kKeyTable, "alias", *alias));
        if (other && other->id != key.row.id) {
            refuse(400, "bad_request_error",
                   "Key with alias '" + *alias +
                       "' already exists. Unique key aliases across all keys are required.",
                   "key_alias");
        }
    }
    if (context.ask.body.contains("spend")) {
        refuse(400, "bad_request_error", "spend is what the books say: it cannot be set.", "spend");
    }
    check_rotation(context);
    fill(key, context.ask.body, context.records);
    check_call_rules(context, key);
    check_bounds(context, key);
    store::Writing writing = context.write();
    if (const auto user_id = context.text("user_id")) {
        key.row.set("user", user_or_new(context, writing, *user_id).id);
    }
    if (const auto team_id = context.text("team_id")) {
        const store::Row team = team_named(context, *team_id);
        key.row.set("team", team.id);
        // Limits of the organization that it comes from are not those of the one that it comes to.
        key.row.set("organization", team["organization"]);
    }
    set_key_organization(context, key);
    if (const auto duration = context.text("duration")) {
        const auto read = read_duration(*duration);
        if (!read && *duration != "-1") {
            refuse(400, "bad_request_error",
                   "duration must be a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo", "duration");
        }
        key.row.set("expires", read ? store::Value(after(unix_us(), *read)) : store::Value());
    }
    check_guaranteed(context, key);
    put(writing, key, "updated");
    must(writing.commit());
    json::object object{{"key", store::hex(key.row.text("hash"))}};
    for (const auto& [name, value] : shown_key_row(context, key)) object[name] = value;
    return object;
}

json::value delete_keys(Context& context) {
    std::vector<store::Row> rows;
    json::array deleted;
    const auto add = [&](store::Row row, std::string told) {
        // One that is named twice is deleted once.
        if (std::any_of(rows.begin(), rows.end(), [&](const auto& r) { return r.id == row.id; })) {
            return;
        }
        rows.push_back(std::move(row));
        deleted.emplace_back(std::move(told));
    };
    for (const std::string& name : context.texts("keys")) {
        store::Row row = key_named(context, name);
        std::string hash = store::hex(row.text("hash"));  // a raw key is not told back
        add(std::move(row), std::move(hash));
    }
    for (const std::string& alias : context.texts("key_aliases")) {
        auto row = must(context.records.get(store::kKeyTable, "alias", alias));
        if (!row) refuse(404, "not_found_error", "No key has the alias " + alias, "key_aliases");
        add(std::move(*row), alias);
    }
    if (rows.empty()) refuse(400, "bad_request_error", "Give keys or key_aliases.", "keys");
    store::Writing writing = context.write();
    for (store::Row& row : rows) {
        if (!may(context, row, "/key/delete")) refuse_foreign(context, "delete this key");
        must(writing.remove(row));
    }
    must(writing.commit());
    return json::object{{"deleted_keys", std::move(deleted)}};
}

json::value regenerate_key(Context& context) {
    std::string name = context.ask.hole.empty() ? context.required("key") : context.ask.hole;
    Entity key = changeable_key(context, name, "/key/regenerate");
    check_guarded(context, key);
    check_rotation(context);
    fill(key, context.ask.body, context.records);
    check_call_rules(context, key);
    check_bounds(context, key);
    const std::string old_hash = key.row.text("hash");
    const std::string text = text_for_key(context, "new_key");
    set_key_text(key, text);
    if (must(context.records.get(store::kKeyTable, "hash", key.row.text("hash")))) {
        refuse(400, "bad_request_error", "A key with this value exists already.", "new_key");
    }
    if (const auto duration = context.text("duration")) {
        const auto read = read_duration(*duration);
        if (!read && *duration != "-1") {
            refuse(400, "bad_request_error", "duration is not a duration", "duration");
        }
        key.row.set("expires", read ? store::Value(after(unix_us(), *read)) : store::Value());
    }
    store::Writing writing = context.write();
    // Without a grace period the old key has ended, and its hash still leads to what it has spent.
    std::int64_t until = unix_us();
    if (const auto grace = context.text("grace_period"); grace && !grace->empty()) {
        const auto read = read_duration(*grace);
        if (!read)
            refuse(400, "bad_request_error", "grace_period is not a duration", "grace_period");
        until = after(until, *read);
    }
    put(writing, key, "rotated");
    must(writing.keep_old_hash(old_hash, key.row.id, until));
    must(writing.commit());
    return shown_secret(context, key, text);
}

json::value block_key(Context& context) {
    return set_key_blocked(context, true);
}

json::value unblock_key(Context& context) {
    return set_key_blocked(context, false);
}

}  // namespace patchbay::control
