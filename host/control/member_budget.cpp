#include "control/member_budget.hpp"

#include <algorithm>

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::string_view kBudget = "member_budget";  ///< of a team's document: the row

const json::value* inside(const json::value* object, std::string_view name) {
    const json::object* const members = object ? object->if_object() : nullptr;
    return members ? members->if_contains(name) : nullptr;
}

}  // namespace

std::optional<std::int64_t> member_budget(const Entity& team) {
    const json::value* const row = team.doc.if_contains(kBudget);
    return row && row->is_int64() ? std::optional(row->get_int64()) : std::nullopt;
}

void set_member_budget(Entity& team, std::int64_t budget) {
    team.doc[kBudget] = budget;
}

void put_member_budget(Context& context, store::Writing& writing, Entity& team,
                       const json::value& before) {
    const json::object& body = context.ask.body;
    const json::value* const given = body.if_contains("metadata");
    json::object terms;
    for (const auto& [name, term] : kMemberTerms) {
        const bool named = body.contains(name) || inside(given, name) != nullptr;
        const json::value* const old = inside(&before, name);
        if (!named && given != nullptr && old != nullptr && team.doc["metadata"].is_object()) {
            team.doc["metadata"].get_object()[name] = *old;
        }
        if (!named) continue;
        const json::value* const now = inside(team.doc.if_contains("metadata"), name);
        terms[term] = now ? *now : json::value();
    }
    const auto known = member_budget(team);
    const bool any = std::any_of(terms.begin(), terms.end(),
                                 [](const auto& term) { return !term.value().is_null(); });
    if (terms.empty() || (!known && !any)) return;
    Entity budget(kBudgetResource);
    if (known) {
        auto row = must(context.records.get(store::kBudgetTable, *known));
        if (row) budget = Entity::load(context.records, kBudgetResource, std::move(*row));
    }
    fill(budget, terms, context.records);
    put(writing, budget, budget.is_new() ? "created" : "updated");
    set_member_budget(team, budget.row.id);
    if (team.is_new()) return;
    for (store::Member& member : must(context.records.members(store::Subject::team, team.row.id))) {
        if (member.budget) continue;
        member.budget = budget.row.id;
        must(writing.put(member));
    }
}

}  // namespace patchbay::control
