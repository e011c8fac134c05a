// /budget/new, update, delete, info, list: budgets that several share.
#include <boost/json/array.hpp>

#include "control/ids.hpp"
#include "control/people.hpp"
#include "control/route.hpp"

namespace patchbay::control {

namespace json = boost::json;
using store::Filter;

namespace {

Entity budget_named(Context& context, const std::string& id) {
    auto row = must(context.records.get(store::kBudgetTable, "budget_id", id));
    if (!row) refuse_detail(404, "Budget not found, passed budget_id=" + id);
    return Entity::load(context.records, kBudgetResource, std::move(*row));
}

}  // namespace

json::value new_budget(Context& context) {
    Entity budget(kBudgetResource);
    const auto given = context.text("budget_id");
    const std::string id = given && !given->empty() ? *given : new_uuid();
    if (must(context.records.get(store::kBudgetTable, "budget_id", id))) {
        refuse_detail(400, "Budget with budget_id=" + id + " already exists");
    }
    budget.row.set("budget_id", id);
    fill(budget, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, budget, "created");
    must(writing.commit());
    return shown(budget);
}

json::value update_budget(Context& context) {
    Entity budget = budget_named(context, context.required("budget_id"));
    fill(budget, context.ask.body, context.records);
    store::Writing writing = context.write();
    put(writing, budget, "updated");
    must(writing.commit());
    return shown(budget);
}

// One that somebody has stays: without it they would have no limit.
json::value delete_budget(Context& context) {
    Entity budget = budget_named(context, context.required("id"));
    if (budget.row.text("budget_id") == context.settings.end_user_budget) {
        refuse_detail(400, "This budget is that of all customers (max_end_user_budget_id)");
    }
    constexpr store::PageAsk kOne{.sort = "id", .page = 1, .size = 1};
    for (const store::Table* table :
         {&store::kKeyTable, &store::kUserTable, &store::kTeamTable, &store::kOrganizationTable,
          &store::kCustomerTable, &store::kTagTable}) {
        const auto users = must(
            context.records.list(*table, {{{"budget", Filter::Op::equal, budget.row.id}}}, kOne));
        if (users.total > 0) {
            refuse_detail(400, "This budget is in use by " + std::to_string(users.total) +
                                   " rows of " + std::string(table->name));
        }
    }
    store::Writing writing = context.write();
    must(writing.remove(budget.row));
    must(writing.commit());
    return shown(budget);
}

json::value budget_info(Context& context) {
    const json::value* member = context.ask.body.if_contains("budgets");
    if (member == nullptr) refuse_missing("body", "budgets");
    json::array budgets;
    for (const std::string& id : context.texts("budgets")) {
        auto row = must(context.records.get(store::kBudgetTable, "budget_id", id));
        if (!row) continue;
        budgets.emplace_back(
            shown(Entity::load(context.records, kBudgetResource, std::move(*row))));
    }
    return budgets;
}

json::value list_budgets(Context& context) {
    constexpr store::PageAsk kAll{
        .sort = "budget_id", .descending = false, .page = 1, .size = 10'000};
    json::array budgets;
    // Those without a name are limits of single keys, users and teams.
    for (store::Row& row :
         must(context.records.list(store::kBudgetTable,
                                   {{{"budget_id", Filter::Op::contains, std::string()}}}, kAll))
             .rows) {
        budgets.emplace_back(shown(Entity::load(context.records, kBudgetResource, std::move(row))));
    }
    return budgets;
}

}  // namespace patchbay::control
