// Makes limits of what the store has: rows of budgets, and documents with budgets and rates by model.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "engine/access/key_terms.hpp"
#include "engine/access/limits.hpp"

namespace patchbay::access {

/// What one has spent in the period of a duration that is under way, nano-dollars. nullopt: the store does not say.
using SpentOf =
    std::function<std::optional<std::int64_t>(const store::Spender&, const store::BudgetDuration&)>;

/// Whose limits are added: LiteLLM's words for it, and how the store knows it.
struct Owner {
    store::Subject kind;
    std::int64_t row = 0;
    std::string_view descriptor;        ///< "api_key"
    std::string_view model_descriptor;  ///< "model_per_key"
    std::string name;                   ///< as errors show it; of a key its hash
    store::Spender spender;
    std::int64_t of = 0;  ///< of a member in a team, the user
    bool asked = true;    ///< Limited::asked of its budgets
    /// By `model_name`, where it has no rates of that kind by model of its own; nullptr: none.
    const RatesByModel* rates_else = nullptr;
};

/// Adds to one Limits. On the lookup thread.
class LimitsMaker {
  public:
    /// All outlive it. `now_us`: microseconds since 1970.
    LimitsMaker(Limits& to, SubjectTable& subjects, const SpentOf& spent, std::int64_t now_us)
        : to_(to), subjects_(subjects), spent_(spent), now_us_(now_us) {}

    /// The limits of a row, and of its document: `budget_limits`, `model_rpm_limit`, `model_tpm_limit` and
    /// `model_max_budget`, which may stand with the row's budget, too. What is wrong with them, or nothing.
    std::string add(const Owner& owner, const store::LimitsRecord& limits,
                    const boost::json::object& doc);

  private:
    bool load_spent(const store::Spender& spender, store::LimitsRecord& limits);
    std::string add_windows(const Owner& owner, const boost::json::value& document);
    std::string add_models(const Owner& owner, const boost::json::object& doc,
                           const boost::json::value& budgets);

    Limits& to_;
    SubjectTable& subjects_;
    const SpentOf& spent_;
    std::int64_t now_us_;
};

/// A document of the store: a JSON object, or nothing. nullopt if it is something else.
std::optional<boost::json::object> read_document(const std::string& text);

/// A document's member that is not null, or that of its `metadata`, where LiteLLM keeps some; nullptr: none.
const boost::json::value* member_of_document(const boost::json::object& doc, std::string_view name);

}  // namespace patchbay::access
