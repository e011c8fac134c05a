// An object of the management API: its row, its document and its budget, filled from a request's body and
// shown as LiteLLM shows it, by the table of its fields.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "control/context.hpp"
#include "control/fields.hpp"

namespace patchbay::control {

struct Entity {
    const Resource* resource;
    store::Row row;
    boost::json::object doc;
    std::optional<store::Row> budget;  ///< its limits
    bool budget_changed = false;

    explicit Entity(const Resource& of) : resource(&of), row(*of.table) {}

    /// With its document and its budget.
    static Entity load(store::Records& records, const Resource& resource, store::Row row);
    bool is_new() const { return row.id == 0; }
    /// A budget that several share.
    bool shares_budget() const { return budget && budget->has("budget_id"); }
};

/// Takes the members of `body` that are fields of the resource; null takes a value away, others are not
/// looked at, as LiteLLM does. A value of a wrong type is refused with its place. `budget_id` makes the
/// entity share a budget; limits of its own beside it are refused.
void fill(Entity& entity, const boost::json::object& body, store::Records& records);

/// Writes the budget, if it has changed, and the row.
void put(store::Writing& writing, Entity& entity, std::string_view action);

/// The fields, then `created_at` and so on; a budget that is shared as `litellm_budget_table`.
boost::json::object shown(const Entity& entity);

/// Amounts in dollars, exact.
boost::json::value money_value(std::int64_t nano);
/// A JSON number of dollars in nano-dollars; nullopt for what is no amount.
std::optional<std::int64_t> read_money(const boost::json::value& value);

}  // namespace patchbay::control
