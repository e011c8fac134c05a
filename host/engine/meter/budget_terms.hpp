// Budgets that stand in documents: `model_max_budget` and `budget_limits`, LiteLLM's names and forms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
/// the same, and a number alone is a budget for ever; numbers may be texts. Null and {} are none.
ReadBudgets read_model_budgets(const boost::json::value& document);

/// [{"budget_duration": "1h", "max_budget": 2}, {"budget_duration": "30d", "max_budget": 50}]; `reset_at` is
/// LiteLLM's to fill in and not looked at. Null and [] are none. Of two with the same duration the smaller
/// budget is taken.
ReadBudgets read_budget_windows(const boost::json::value& document);

/// {"gpt-4o": 10}: `model_rpm_limit` and `model_tpm_limit`. What is wrong, with its place, or nothing: a limit that
/// cannot be read would be none. Null is none.
std::string wrong_in_model_rates(const boost::json::value& document);

/// What is wrong at a place inside: "gpt-4o: expected ..." for "expected ...", else "gpt-4o.max_budget: expected ...".
std::string wrong_at(std::string_view place, std::string_view wrong);

/// The decimal text of a JSON number, or of a string that holds one, as LiteLLM takes "0.01" for 0.01; nullopt for
/// other values. Whether a string holds a number is read_decimal()'s to say.
std::optional<std::string> number_digits(const boost::json::value& value);

/// A number of dollars, 0 or more, in nano-dollars, also as text; nullopt for what is none.
std::optional<Amount> read_dollars(const boost::json::value& value);

}  // namespace patchbay::meter
