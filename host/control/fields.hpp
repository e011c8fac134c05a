// The members of LiteLLM's objects: what each is, and where it is kept.
#pragma once

#include <span>
#include <string_view>

#include "store/tables.hpp"

namespace patchbay::control {

enum class Type {
    text,
    integer,
    money,
    boolean,
    list,
    object,
    duration,
    time,
    model_budgets,   ///< `model_max_budget`
    model_rates,     ///< `model_rpm_limit`, `model_tpm_limit`
    budget_windows,  ///< `budget_limits`
    router_settings,
};

enum class Where {
    column,    ///< of the row
    limits,    ///< a column of its budget
    doc,       ///< of its document
    metadata,  ///< of `metadata` in its document, as LiteLLM keeps it
};

struct Field {
    std::string_view name;
    Type type;
    Where where;
    std::string_view column{};           ///< of the table or the budget
    std::string_view standard = "null";  ///< JSON that is shown where nothing is kept
    /// Only administrators, and those of the key's team, may set it on an existing key.
    bool guarded = false;
};

/// A kind of object.
struct Resource {
    std::string_view name;  ///< in messages: "key"
    const store::Table* table;
    std::span<const Field> fields;
};

extern const Resource kKeyResource, kTeamResource, kUserResource, kBudgetResource,
    kCustomerResource, kOrganizationResource, kTagResource;

}  // namespace patchbay::control
