// /customer/* and /end_user/*: those on whose behalf calls are made (`user` of a request).
#include <algorithm>
#include <optional>
#include <set>

#include <boost/json/array.hpp>

#include "control/people.hpp"
#include "control/route.hpp"
#include "patchbay/json_tree.hpp"
#include "store/spend.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostCustomers = 10'000;  ///< of a list

[[noreturn]] void refuse_unknown(const std::string& id) {
    refuse(404, "not_found_error", "End User Id=" + id + " does not exist in db", "end_user_id");
}

Entity unregistered(const std::string& id) {
    Entity customer(kCustomerResource);
    customer.row.set("customer_id", id);
    customer.row.set("blocked", std::int64_t{0});
    return customer;
}

std::optional<Entity> registered(Context& context, const std::string& id) {
    auto row = must(context.records.get(store::kCustomerTable, "customer_id", id));
    if (!row) return std::nullopt;
    return Entity::load(context.records, kCustomerResource, std::move(*row));
}

// Also one that is not registered, if calls have named it, as LiteLLM then has it in its database.
Entity customer_named(Context& context, const std::string& id) {
    if (auto customer = registered(context, id)) return std::move(*customer);
    if (!must(store::spent_for(context.records.database(), id))) refuse_unknown(id);
    return unregistered(id);
}

json::object shown_customer(const Entity& customer, std::int64_t spent) {
    json::object object{{"user_id", customer.row.text("customer_id")}};
    for (const auto& [name, value] : shown(customer)) object[name] = value;
    object["spend"] = money_value(spent);
    return object;
}

json::object shown_customer(Context& context, const Entity& customer) {
    const auto spent =
        must(store::spent_for(context.records.database(), customer.row.text("customer_id")));
    return shown_customer(customer, spent.value_or(0));
}

// What is no region of LiteLLM's would keep the customer from every deployment.
void check_region(const Context& context) {
    const auto region = context.text("allowed_model_region");
    if (!region || *region == "eu" || *region == "us") return;
    refuse_value("body", "allowed_model_region", "literal_error", "Input should be 'eu' or 'us'");
}

// Limits of a customer stand in a budget: one that is shared, or one of its own.
void set_limits(Context& context, store::Writing& writing, Entity& customer) {
    json::object limits;
    for (const Field& field : kBudgetResource.fields) {
        const json::value* value = context.ask.body.if_contains(field.name);
        if (value != nullptr) limits[field.name] = *value;
    }
    if (limits.empty()) return;
    if (customer.shares_budget()) {
        refuse_detail(400, "Set either the limits or a budget_id, not both");
    }
    Entity budget(kBudgetResource);
    if (customer.budget) budget.row = *customer.budget;
    fill(budget, limits, context.records);
    put(writing, budget, budget.is_new() ? "created" : "updated");
    customer.budget = budget.row;
    customer.row.set("budget", budget.row.id);
}

json::array set_customers_blocked(Context& context, bool blocked) {
    json::array changed;
    const auto ids = context.distinct("user_ids");
    const bool unnamed =
        std::any_of(ids.begin(), ids.end(), [](const auto& id) { return id.empty(); });
    if (ids.empty() || unnamed) refuse_missing("body", "user_ids");
    store::Writing writing = context.write();
    for (const std::string& id : ids) {
        auto row = must(context.records.get(store::kCustomerTable, "customer_id", id));
        if (!row && !blocked) continue;  // nobody has blocked it
        Entity customer(kCustomerResource);
        if (row) customer = Entity::load(context.records, kCustomerResource, std::move(*row));
        customer.row.set("customer_id", id);
        customer.row.set("blocked", std::int64_t{blocked ? 1 : 0});
        put(writing, customer, blocked ? "blocked" : "unblocked");
        changed.emplace_back(shown_customer(context, customer));
    }
    must(writing.commit());
    return changed;
}

}  // namespace

json::value new_customer(Context& context) {
    Entity customer(kCustomerResource);
    const std::string id = context.required("user_id");
    if (must(context.records.get(store::kCustomerTable, "customer_id", id))) {
        refuse(400, "bad_request_error", "Customer already exists, passed user_id=" + id,
               "user_id");
    }
    customer.row.set("customer_id", id);
    customer.row.set("blocked", std::int64_t{0});
    check_region(context);
    refuse_spend(context);
    fill(customer, context.ask.body, context.records);
    store::Writing writing = context.write();
    set_limits(context, writing, customer);
    put(writing, customer, "created");
    must(writing.commit());
    return shown_customer(context, customer);
}

json::value update_customer(Context& context) {
    Entity customer = customer_named(context, context.required("user_id"));
    check_region(context);
    refuse_spend(context);
    fill(customer, context.ask.body, context.records);
    store::Writing writing = context.write();
    set_limits(context, writing, customer);
    put(writing, customer, "updated");
    must(writing.commit());
    return shown_customer(context, customer);
}

json::value delete_customers(Context& context) {
    std::vector<Entity> customers;
    for (const auto& id : context.distinct("user_ids")) {
        auto customer = registered(context, id);
        if (!customer) refuse_unknown(id);
        customers.push_back(std::move(*customer));
    }
    if (customers.empty()) refuse_missing("body", "user_ids");
    store::Writing writing = context.write();
    for (Entity& customer : customers) must(writing.remove(customer.row));
    must(writing.commit());
    return json::object{{"deleted_customers", customers.size()},
                        {"message", "Successfully deleted customers with ids: " +
                                        json_tree::write(context.ask.body.at("user_ids"))}};
}

json::value block_customers(Context& context) {
    return json::object{{"blocked_users", set_customers_blocked(context, true)}};
}

// Tells, as LiteLLM does, those that are blocked still.
json::value unblock_customers(Context& context) {
    set_customers_blocked(context, false);
    constexpr store::PageAsk kAll{
        .sort = "id", .descending = false, .page = 1, .size = kMostCustomers};
    const std::vector<store::AnyOf> blocked{
        {{"blocked", store::Filter::Op::equal, std::int64_t{1}}}};
    json::array names;
    for (const store::Row& row :
         must(context.records.list(store::kCustomerTable, blocked, kAll)).rows) {
        names.emplace_back(row.text("customer_id"));
    }
    return json::object{{"blocked_users", std::move(names)}};
}

json::value customer_info(Context& context) {
    return shown_customer(context, customer_named(context, context.required("end_user_id")));
}

// Those that are registered, then those that calls have named.
json::value list_customers(Context& context) {
    constexpr store::PageAsk kAll{
        .sort = "id", .descending = false, .page = 1, .size = kMostCustomers};
    json::array customers;
    std::set<std::string> known;
    for (store::Row& row : must(context.records.list(store::kCustomerTable, {}, kAll)).rows) {
        known.insert(row.text("customer_id"));
        customers.emplace_back(shown_customer(
            context, Entity::load(context.records, kCustomerResource, std::move(row))));
    }
    for (const store::SpendGroup& group :
         must(store::spent_by_customer(context.records.database(), kMostCustomers))) {
        if (known.count(group.name) != 0) continue;
        customers.emplace_back(shown_customer(unregistered(group.name), group.charge));
    }
    return customers;
}

}  // namespace patchbay::control
