#include "control/litellm_budgets.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::control {

namespace json = boost::json;

namespace {

constexpr std::string_view kBudgetRates[] = {"tpm_limit", "rpm_limit", "max_parallel_requests"};
constexpr std::string_view kMoney[] = {"max_budget", "soft_budget"};
constexpr auto kBudgetLimits =
    std::to_array<std::string_view>({"tpm_limit", "rpm_limit", "max_parallel_requests",
                                     "max_budget", "soft_budget", "budget_duration"});

// "0b8cd1a3-....-....-....-............", as LiteLLM names what nobody has named.
bool is_random_name(std::string_view name) {
    constexpr std::string_view kForm = "........-....-....-....-............";
    if (name.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool hex = (name[i] >= '0' && name[i] <= '9') || (name[i] >= 'a' && name[i] <= 'f');
        if (kForm[i] == '-' ? name[i] != '-' : !hex) return false;
    }
    return true;
}

// The smaller of two limits; what is not there is no limit.
void take_smaller(LitellmRow& row, const LitellmRow& budget, std::string_view name) {
    if (!budget.has(name)) return;
    const json::value& other = budget.columns().at(name);
    if (row.has(name)) {
        const auto mine = json_tree::number(row.columns().at(name));
        const auto theirs = json_tree::number(other);
        if (!theirs || (mine && *mine <= *theirs)) return;
    }
    row.columns()[name] = other;
}

}  // namespace

void LitellmBudgets::add(LitellmRow row) {
    std::string id = row.text("budget_id");
    rows_.insert_or_assign(std::move(id), std::move(row));
}

bool LitellmBudgets::is_own(const std::string& budget_id) const {
    const auto named = named_.find(budget_id);
    return is_random_name(budget_id) && named != named_.end() && named->second == 1;
}

const LitellmRow* LitellmBudgets::find(const std::string& budget_id) const {
    const auto found = rows_.find(budget_id);
    return found == rows_.end() ? nullptr : &found->second;
}

void LitellmBudgets::merge_into(LitellmRow& row, const std::string& budget_id) const {
    const LitellmRow* budget = find(budget_id);
    if (budget == nullptr) return;
    for (const std::string_view name : kBudgetRates) take_smaller(row, *budget, name);
    const std::string mine = row.text("budget_duration");
    const std::string theirs = budget->text("budget_duration");
    const bool two = row.has("max_budget") && budget->has("max_budget") && mine != theirs;
    // Only a budget with a duration may stand among the others: it is the other that stays.
    if (two && !theirs.empty()) {
        json::value& windows = row.columns()["budget_limits"];
        if (!windows.is_array()) windows = json::array();
        windows.get_array().push_back(json::object{
            {"budget_duration", theirs}, {"max_budget", budget->columns().at("max_budget")}});
    } else if (two) {
        json::value& windows = row.columns()["budget_limits"];
        if (!windows.is_array()) windows = json::array();
        windows.get_array().push_back(json::object{{"budget_duration", mine},
                                                   {"max_budget", row.columns().at("max_budget")}});
        row.columns()["max_budget"] = budget->columns().at("max_budget");
        row.columns()["budget_duration"] = nullptr;
    } else {
        for (const std::string_view name : kMoney) take_smaller(row, *budget, name);
        if (mine.empty() && !theirs.empty()) row.columns()["budget_duration"] = theirs;
    }
    const json::value* models = budget->columns().if_contains("model_max_budget");
    const json::value* own = row.columns().if_contains("model_max_budget");
    if (models && !says_nothing(*models) && (!own || says_nothing(*own))) {
        row.columns()["model_max_budget"] = *models;
    }
    if (!row.has("budget_reset_at") && budget->has("budget_reset_at")) {
        row.columns()["budget_reset_at"] = budget->columns().at("budget_reset_at");
    }
}

bool has_limits(const LitellmRow& row) {
    return std::any_of(kBudgetLimits.begin(), kBudgetLimits.end(),
                       [&](std::string_view name) { return row.has(name); });
}

void drop_limits(LitellmRow& row) {
    for (const std::string_view name : kBudgetLimits) row.take(name);
}

}  // namespace patchbay::control
