// /tag/new, update, delete, info, list: what calls are labelled with (`metadata.tags`), and their budgets.
#include <boost/json/array.hpp>

#include "control/people.hpp"
#include "control/route.hpp"
#include "store/ledger_counters.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostTags = 10'000;

std::optional<Entity> find_tag(Context& context, const std::string& name) {
    auto row = must(context.records.get(store::kTagTable, "name", name));
    if (!row) return std::nullopt;
    return Entity::load(context.records, kTagResource, std::move(*row));
}

Entity tag_named(Context& context, const std::string& name) {
    auto tag = find_tag(context, name);
    if (!tag) refuse_detail(404, "Tag " + name + " not found");
    return std::move(*tag);
}

json::object shown_tag(Context& context, const Entity& tag) {
    const std::string name = tag.row.text("name");
    json::object object{{"name", name}};
    for (const auto& [member, value] : shown(tag)) object[member] = value;
    object["spend"] = money_value(
        must(store::spent_counter(context.records.database(), store::counters::of_tag(name))));
    return object;
}

json::object told(std::string_view what, Context& context, const Entity& tag) {
    return {{"message", "Tag " + tag.row.text("name") + " " + std::string(what) + " successfully"},
            {"tag", shown_tag(context, tag)}};
}

}  // namespace

json::value new_tag(Context& context) {
    const std::string name = context.required("name");
    if (name.empty()) {
        refuse_value("body", "name", "string_too_short", "Input should have a character");
    }
    if (find_tag(context, name)) refuse_detail(400, "Tag " + name + " already exists");
    Entity tag(kTagResource);
    tag.row.set("name", name);
    fill(tag, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, tag, "created");
    must(writing.commit());
    return told("created", context, tag);
}

json::value update_tag(Context& context) {
    Entity tag = tag_named(context, context.required("name"));
    fill(tag, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, tag, "updated");
    must(writing.commit());
    return told("updated", context, tag);
}

json::value delete_tag(Context& context) {
    Entity tag = tag_named(context, context.required("name"));
    store::Writing writing = context.write();
    must(writing.remove(tag.row));
    must(writing.commit());
    return json::object{{"message", "Tag " + tag.row.text("name") + " deleted successfully"}};
}

json::value tag_info(Context& context) {
    const auto names = context.texts("names");
    if (names.empty()) refuse_missing("body", "names");
    json::object found;
    for (const std::string& name : names) {
        if (const auto tag = find_tag(context, name)) found[name] = shown_tag(context, *tag);
    }
    if (found.empty()) refuse_detail(404, "No tags found");
    return found;
}

// Those that are registered, then those that calls have named.
json::value list_tags(Context& context) {
    constexpr store::PageAsk kAll{
        .sort = "name", .descending = false, .page = 1, .size = kMostTags};
    json::array tags;
    json::object known;
    for (store::Row& row : must(context.records.list(store::kTagTable, {}, kAll)).rows) {
        const Entity tag = Entity::load(context.records, kTagResource, std::move(row));
        known[tag.row.text("name")] = true;
        tags.emplace_back(shown_tag(context, tag));
    }
    store::TagAsk ask;
    ask.limit = kMostTags;
    for (const store::SpendGroup& group :
         must(store::spent_by_tag(context.records.database(), ask))) {
        if (known.contains(group.name)) continue;
        tags.push_back(json::object{
            {"name", group.name},
            {"description", "This is just a spend tag that was passed dynamically in a request."},
            {"models", nullptr},
            {"spend", money_value(group.charge)}});
    }
    return tags;
}

}  // namespace patchbay::control
