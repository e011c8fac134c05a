// Budgets that stand in documents: `model_max_budget` and `budget_limits`, LiteLLM's names and forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include "engine/meter/amount.hpp"
#include "store/period.hpp"

namespace patchbay::meter {

/// No more budgets than this of either kind belong to one key, user, team, customer or tag.
inline constexpr std::size_t kMostModelBudgets = 256;
inline constexpr std::size_t kMostBudgetWindows = 8;

/// One budget with its period. Of a model it may have rates, too.
struct BudgetTerms {
    std::string model;          ///< of this one alone; empty: of all
    std::optional<Amount> max;  ///< nullopt: no limit of money
    store::BudgetDuration duration;
    std::optional<std::int64_t> rpm, tpm;
};

/// What is wrong with a document, with its place: "gpt-4o.budget_limit: expected ...".
using ReadBudgets = boost::system::result<std::vector<BudgetTerms>, std::string>;

/// {"gpt-4o": {"budget_limit": 1.5, "time_period": "1d", "rpm_limit": 5}}; `max_budget` and `budget_duration` are
/// the same, and a number alone is a budget for ever. Null and {} are none.
ReadBudgets read_model_budgets(const boost::json::value& document);

/// [{"budget_duration": "1h", "max_budget": 2}, {"budget_duration": "30d", "max_budget": 50}]; `reset_at` is
/// LiteLLM's to fill in and not looked at. Null and [] are none. Of two with the same duration the smaller
/// budget is taken.
ReadBudgets read_budget_windows(const boost::json::value& document);

/// A JSON number of dollars, 0 or more, in nano-dollars; nullopt for what is none.
std::optional<Amount> read_dollars(const boost::json::value& value);

}  // namespace patchbay::meter
