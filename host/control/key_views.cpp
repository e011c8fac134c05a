// GET /key/info, /key/list, /key/aliases; POST /v2/key/info, /key/health.
#include <boost/json/array.hpp>

#include "control/people.hpp"
#include "control/route.hpp"
#include "store/hex.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::AnyOf;
using store::Filter;

namespace {

Entity visible_key(Context& context, const std::string& name) {
    store::Row row = key_named(context, name);
    if (!may_see(context, row)) refuse_foreign(context, "see this key");
    return Entity::load(context.records, kKeyResource, std::move(row));
}

// Keys that the caller may see: its own, and those of teams that it belongs to.
void add_scope(Context& context, std::vector<AnyOf>& filters, bool teams) {
    if (context.caller.sees_all()) return;
    const auto& user = context.caller.user;
    if (!user) {
        const std::int64_t id = context.caller.key ? context.caller.key->id : 0;
        filters.push_back({{"id", Filter::Op::equal, id}});
        return;
    }
    AnyOf own{{"user", Filter::Op::equal, user->id}};
    if (teams) own.push_back({"team", Filter::Op::one_of_teams_of, user->id});
    filters.push_back(std::move(own));
}

// A name that is nobody's fits no row.
std::int64_t id_named(Context& context, const store::Table& table, const std::string& name) {
    const auto row = must(context.records.get(table, table.known_by, name));
    return row ? row->id : -1;
}

std::string_view sort_column(const Context& context) {
    const std::string by = context.text("sort_by").value_or("created_at");
    constexpr std::pair<std::string_view, std::string_view> kColumns[] = {
        {"created_at", "created_at"}, {"updated_at", "updated_at"}, {"key_alias", "alias"},
        {"key_name", "name"},         {"expires", "expires"},       {"token", "hash"}};
    for (const auto& [name, column] : kColumns) {
        if (name == by) return column;
    }
    refuse_detail(400,
                  "Invalid sort column. Must be one of: created_at, updated_at, key_alias, "
                  "key_name, expires, token");
}

}  // namespace

json::value key_info(Context& context) {
    const auto named = context.text("key");
    std::string name;
    if (named) {
        name = *named;
    } else if (context.caller.key) {
        name = store::hex(context.caller.key->text("hash"));
    } else {
        refuse_missing("query", "key");
    }
    const Entity key = visible_key(context, name);
    // A raw key is not told back.
    return json::object{{"key", store::hex(key.row.text("hash"))},
                        {"info", shown_key(context, key)}};
}

json::value key_infos(Context& context) {
    json::array keys;
    json::array infos;
    for (const std::string& name : context.texts("keys")) {
        const Entity key = visible_key(context, name);
        keys.emplace_back(store::hex(key.row.text("hash")));
        infos.emplace_back(shown_key_row(context, key));
    }
    return json::object{{"key", std::move(keys)}, {"info", std::move(infos)}};
}

json::value list_keys(Context& context) {
    store::PageAsk ask = page_ask(context, "size", 10);
    ask.sort = sort_column(context);
    const auto status = context.text("status");
    if (status && *status != "deleted") {
        refuse_value("query", "status", "literal_error", "Input should be 'deleted'");
    }
    ask.deleted = status.has_value();
    std::vector<AnyOf> filters;
    add_scope(context, filters, context.flag("include_team_keys"));
    if (const auto user = context.text("user_id")) {
        filters.push_back(
            {{"user", Filter::Op::equal, id_named(context, store::kUserTable, *user)}});
    }
    if (const auto team = context.text("team_id")) {
        filters.push_back(
            {{"team", Filter::Op::equal, id_named(context, store::kTeamTable, *team)}});
    }
    if (const auto organization = context.text("organization_id")) {
        filters.push_back({{"organization", Filter::Op::equal,
                            id_named(context, store::kOrganizationTable, *organization)}});
    }
    if (const auto hash = context.text("key_hash")) {
        filters.push_back({{"hash", Filter::Op::equal, key_hash(*hash)}});
    }
    if (const auto alias = context.text("key_alias")) {
        const bool part = context.flag("substring_matching");
        filters.push_back({{"alias", part ? Filter::Op::contains : Filter::Op::equal, *alias}});
    }
    store::RowPage page = must(context.records.list(store::kKeyTable, filters, ask));
    const bool full = context.flag("return_full_object");
    if (full) {
        std::vector<std::int64_t> ids;
        for (const store::Row& row : page.rows) ids.push_back(row.id);
        context.spent_by_keys =
            must(store::spent_each(context.records.database(), store::Subject::key, ids));
    }
    json::array keys;
    for (store::Row& row : page.rows) {
        if (!full) {
            keys.emplace_back(store::hex(row.text("hash")));
            continue;
        }
        const Entity key = Entity::load(context.records, kKeyResource, std::move(row));
        keys.emplace_back(shown_key_row(context, key));
    }
    return json::object{{"keys", std::move(keys)},
                        {"total_count", page.total},
                        {"current_page", ask.page},
                        {"total_pages", page_count(page.total, ask.size)}};
}

json::value key_aliases(Context& context) {
    store::PageAsk ask = page_ask(context, "size", 50);
    ask.sort = "alias";
    ask.descending = false;
    std::vector<AnyOf> filters{
        {{"alias", Filter::Op::contains, context.text("search").value_or("")}}};
    add_scope(context, filters, true);
    if (const auto team = context.text("team_id")) {
        filters.push_back(
            {{"team", Filter::Op::equal, id_named(context, store::kTeamTable, *team)}});
    }
    store::RowPage page = must(context.records.list(store::kKeyTable, filters, ask));
    json::array aliases;
    for (const store::Row& row : page.rows) aliases.emplace_back(row.text("alias"));
    return json::object{{"aliases", std::move(aliases)},
                        {"total_count", page.total},
                        {"current_page", ask.page},
                        {"total_pages", page_count(page.total, ask.size)},
                        {"size", ask.size}};
}

json::value key_health(Context&) {
    return json::object{{"key", "healthy"}, {"logging_callbacks", nullptr}};
}

}  // namespace patchbay::control
