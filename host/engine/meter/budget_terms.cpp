#include "engine/meter/budget_terms.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::meter {

namespace json = boost::json;

namespace {

using boost::system::in_place_error;

struct Name {
    std::string_view name, other;
};
constexpr Name kMax{"max_budget", "budget_limit"};
constexpr Name kDuration{"budget_duration", "time_period"};

const json::value* find(const json::object& object, Name of) {
    for (const std::string_view name : {of.name, of.other}) {
        const json::value* const found = object.if_contains(name);
        if (found && !found->is_null()) return found;
    }
    return nullptr;
}

// A whole number, 0 or more.
std::optional<std::int64_t> rate_of(const json::value& value) {
    const auto digits = number_digits(value);
    if (!digits) return std::nullopt;
    bool rounded = false;
    const auto number = read_decimal(*digits, 0, &rounded);
    if (!number || rounded || *number < 0 || *number > INT64_MAX) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

// Reads the members of one budget; what is wrong, or nothing.
std::string read_terms(const json::object& object, BudgetTerms& terms) {
    if (const json::value* const max = find(object, kMax)) {
        terms.max = read_dollars(*max);
        if (!terms.max) return "max_budget: expected a number of dollars, 0 or more";
    }
    if (const json::value* const duration = find(object, kDuration)) {
        const auto* text = duration->if_string();
        const auto read = text ? store::read_budget_duration(*text) : std::nullopt;
        if (!read) {
            return "budget_duration: expected a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo";
        }
        terms.duration = *read;
    }
    struct Rate {
        std::string_view name;
        std::optional<std::int64_t> BudgetTerms::*where;
    };
    for (const Rate& rate :
         {Rate{"rpm_limit", &BudgetTerms::rpm}, {"tpm_limit", &BudgetTerms::tpm}}) {
        const json::value* const given = object.if_contains(rate.name);
        if (!given || given->is_null()) continue;
        terms.*rate.where = rate_of(*given);
        if (!(terms.*rate.where)) {
            return std::string(rate.name) + ": expected a whole number, 0 or more";
        }
    }
    return {};
}

}  // namespace

std::string wrong_at(std::string_view place, std::string_view wrong) {
    std::string text(place);
    text += wrong.starts_with("expected") ? ": " : ".";
    return text.append(wrong);
}

std::optional<std::string> number_digits(const json::value& value) {
    if (json_tree::is_number(value)) return json_tree::write(value);
    if (value.is_string()) return std::string(value.get_string());
    return std::nullopt;
}

std::string wrong_in_model_rates(const json::value& document) {
    if (document.is_null()) return {};
    const auto* rates = document.if_object();
    if (!rates || json_tree::is_number_text(document)) return "expected an object of models";
    for (const auto& [model, rate] : *rates) {
        if (rate.is_null() || rate_of(rate)) continue;
        return std::string(model) + ": expected a whole number, 0 or more";
    }
    return {};
}

std::optional<Amount> read_dollars(const json::value& value) {
    const auto digits = number_digits(value);
    if (!digits) return std::nullopt;
    const auto amount = read_decimal(*digits, kAmountPlaces);
    if (!amount || *amount < 0 || *amount > INT64_MAX) return std::nullopt;
    return static_cast<Amount>(*amount);
}

ReadBudgets read_model_budgets(const json::value& document) {
    std::vector<BudgetTerms> list;
    if (document.is_null()) return list;
    const auto* budgets = document.if_object();
    if (!budgets) return {in_place_error, "expected an object of models"};
    if (budgets->size() > kMostModelBudgets) {
        return {in_place_error,
                "expected " + std::to_string(kMostModelBudgets) + " models at most"};
    }
    for (const auto& [model, given] : *budgets) {
        BudgetTerms terms;
        terms.model = std::string(model);
        std::string wrong;
        if (model.empty()) {
            wrong = "expected the name of a model";
        } else if (const auto* object = given.if_object()) {
            wrong = read_terms(*object, terms);
        } else if (terms.max = read_dollars(given); !terms.max) {
            wrong = "expected an object with `budget_limit` and `time_period`";
        }
        if (!wrong.empty()) return {in_place_error, wrong_at(model, wrong)};
        list.push_back(std::move(terms));
    }
    return list;
}

ReadBudgets read_budget_windows(const json::value& document) {
    std::vector<BudgetTerms> list;
    if (document.is_null()) return list;
    const auto* windows = document.if_array();
    if (!windows) return {in_place_error, "expected a list of budgets"};
    if (windows->size() > kMostBudgetWindows) {
        return {in_place_error, "expected " + std::to_string(kMostBudgetWindows) + " at most"};
    }
    for (std::size_t i = 0; i < windows->size(); ++i) {
        const auto* object = (*windows)[i].if_object();
        BudgetTerms terms;
        std::string wrong = object ? read_terms(*object, terms) : "expected an object";
        if (wrong.empty() && !terms.max) wrong = "max_budget: expected a number of dollars";
        if (wrong.empty() && terms.duration.forever()) {
            wrong = "budget_duration: expected a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo";
        }
        if (!wrong.empty()) return {in_place_error, wrong_at(std::to_string(i), wrong)};
        const auto same = std::find_if(list.begin(), list.end(), [&](const BudgetTerms& other) {
            return other.duration == terms.duration;
        });
        if (same == list.end()) {
            list.push_back(std::move(terms));
        } else {
            same->max = std::min(*same->max, *terms.max);
        }
    }
    return list;
}

}  // namespace patchbay::meter
