// Budgets of LiteLLM's database: which of them several share, and which belong to one row.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "control/entity.hpp"
#include "control/litellm_row.hpp"

namespace patchbay::control {

class LitellmBudgets {
  public:
    /// A budget of `LiteLLM_BudgetTable`.
    void add(LitellmRow row);
    /// A row that names this budget.
    void count(const std::string& budget_id) { ++named_[budget_id]; }

    /// LiteLLM makes a budget with a random name for the limits of one organization, customer or member: here they are
    /// the row's own.
    bool is_own(const std::string& budget_id) const;
    /// By name; null if there is none.
    const LitellmRow* find(const std::string& budget_id) const;
    const std::map<std::string, LitellmRow>& all() const { return rows_; }

    /// Puts the limits of a budget that is not shared here into a row that names it: of two limits the smaller one, of
    /// budgets with different durations both, as `budget_limits`.
    void merge_into(LitellmRow& row, const std::string& budget_id) const;

  private:
    std::map<std::string, LitellmRow> rows_;
    std::map<std::string, int> named_;
};

/// Has the row limits of its own, besides the budget that it names?
bool has_limits(const LitellmRow& row);
/// Takes the columns of limits away.
void drop_limits(LitellmRow& row);

}  // namespace patchbay::control
