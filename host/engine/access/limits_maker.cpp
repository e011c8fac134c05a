#include "engine/access/limits_maker.hpp"

#include <algorithm>
#include <map>

#include <boost/json/parse.hpp>

#include "engine/meter/budget_terms.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay::access {

namespace json = boost::json;

namespace {

using store::LimitsRecord;

constexpr std::string_view kModels = "model_max_budget";
constexpr std::string_view kNoAnswer = "the store does not say what was spent";

// A limit is a whole number: what is below 0 allows nothing, a fraction is cut off. What is no number, which
// books that were taken over may hold, allows nothing either: it was meant as a limit.
std::int64_t limit_of(const json::value& given) {
    const auto digits = meter::number_digits(given);
    const auto nano = digits ? meter::read_decimal(*digits, meter::kAmountPlaces) : std::nullopt;
    constexpr std::int64_t kMost = 1'000'000'000'000'000;
    if (!nano) return given.is_double() && given.get_double() > 0 ? kMost : 0;
    return static_cast<std::int64_t>(std::clamp<meter::Int128>(*nano / meter::kDollar, 0, kMost));
}

struct ModelLimits : LimitsRecord {
    bool of_group = false;  ///< as Limited's
};
using ByModel = std::map<std::string, ModelLimits>;

// {"gpt-4o": 10}.
void add_rates(const json::object& doc, std::string_view name,
               std::optional<std::int64_t> LimitsRecord::*which, ByModel& limits) {
    const json::value* const found = member_of_document(doc, name);
    if (!found || !found->is_object()) return;
    for (const auto& [model, rate] : found->get_object()) {
        if (!rate.is_null()) limits[model].*which = limit_of(rate);
    }
}

// Who has a rate of one kind for any model has those of the configuration for none, as in LiteLLM.
void add_rates_else(const RatesByModel& rates, ByModel& limits) {
    const auto has = [&](std::optional<std::int64_t> LimitsRecord::*which) {
        return std::any_of(limits.begin(), limits.end(),
                           [&](const auto& of) { return (of.second.*which).has_value(); });
    };
    const bool rpm = has(&LimitsRecord::rpm), tpm = has(&LimitsRecord::tpm);
    for (const auto& [model, rate] : rates) {
        const bool takes_rpm = rate.rpm && !rpm, takes_tpm = rate.tpm && !tpm;
        if (!takes_rpm && !takes_tpm) continue;
        const auto [at, is_new] = limits.try_emplace(model);
        at->second.of_group = is_new;
        if (takes_rpm) at->second.rpm = rate.rpm;
        if (takes_tpm) at->second.tpm = rate.tpm;
    }
}

// The smaller of two limits, where there are two.
void lower(std::optional<std::int64_t>& limit, const std::optional<std::int64_t>& other) {
    if (other && (!limit || *other < *limit)) limit = other;
}

// Customers and tags may be registered while they are counted, and are known by their names.
bool is_known_by_name(const Owner& owner) {
    return owner.kind == store::Subject::customer || owner.kind == store::Subject::tag;
}

SubjectTable::Id id_of(const Owner& owner, const std::string& model = {},
                       const store::BudgetDuration& window = {}) {
    SubjectTable::Id id{owner.kind, owner.row, owner.of, model, window.seconds, window.months, {}};
    if (is_known_by_name(owner)) {
        id.row = 0;
        id.name = owner.name;
    }
    return id;
}

std::string counter_of(const Owner& owner, const std::string& model) {
    const std::string who = is_known_by_name(owner) ? owner.name : std::to_string(owner.row);
    return store::counters::of_model(owner.kind, who, model);
}

}  // namespace

std::optional<json::object> read_document(const std::string& text) {
    if (text.empty()) return json::object();
    boost::system::error_code ec;
    json::value value = json::parse(text, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

const json::value* member_of_document(const json::object& doc, std::string_view name) {
    const auto find = [&](const json::object& in) -> const json::value* {
        const json::value* const found = in.if_contains(name);
        return found && !found->is_null() ? found : nullptr;
    };
    if (const json::value* const found = find(doc)) return found;
    const json::value* const metadata = doc.if_contains("metadata");
    return metadata && metadata->is_object() ? find(metadata->get_object()) : nullptr;
}

std::string LimitsMaker::add(const Owner& owner, const LimitsRecord& limits,
                             const json::object& doc) {
    auto subject = subjects_.get(id_of(owner), owner.descriptor, owner.name);
    subject->limit_rates(limits);
    subject->budget.load(limits);
    if (limits.budget != 0) to_.budgets.push_back(limits.budget);
    to_.limits.push_back({std::move(subject), owner.asked});
    if (const json::value* const windows = member_of_document(doc, "budget_limits")) {
        if (std::string wrong = add_windows(owner, *windows); !wrong.empty()) return wrong;
    }
    if (const json::value* const budgets = member_of_document(doc, kModels)) {
        return add_models(owner, doc, *budgets);
    }
    const auto shared = read_document(limits.doc);
    if (!shared) return "the document of a budget is no JSON object";
    const json::value* const budgets = member_of_document(*shared, kModels);
    return add_models(owner, doc, budgets ? *budgets : json::value());
}

bool LimitsMaker::load_spent(const store::Spender& spender, LimitsRecord& limits) {
    limits.period = store::period_of(limits.duration, now_us_);
    const auto spent = spent_(spender, limits.duration);
    limits.spent = spent.value_or(0);
    return spent.has_value();
}

std::string LimitsMaker::add_windows(const Owner& owner, const json::value& document) {
    const auto windows = meter::read_budget_windows(document);
    if (!windows) return meter::wrong_at("budget_limits", windows.error());
    for (const meter::BudgetTerms& terms : *windows) {
        LimitsRecord limits;
        limits.max_nano = terms.max;
        limits.duration = terms.duration;
        if (!load_spent(owner.spender, limits)) return std::string(kNoAnswer);
        auto subject =
            subjects_.get(id_of(owner, {}, terms.duration), owner.descriptor, owner.name);
        subject->budget.load(limits);
        to_.limits.push_back({std::move(subject), owner.asked});
    }
    return {};
}

std::string LimitsMaker::add_models(const Owner& owner, const json::object& doc,
                                    const json::value& documents) {
    ByModel models;
    add_rates(doc, "model_rpm_limit", &LimitsRecord::rpm, models);
    add_rates(doc, "model_tpm_limit", &LimitsRecord::tpm, models);
    const auto budgets = meter::read_model_budgets(documents);
    if (!budgets) return meter::wrong_at(kModels, budgets.error());
    for (const meter::BudgetTerms& terms : *budgets) {
        LimitsRecord& limits = models[terms.model];
        lower(limits.rpm, terms.rpm);
        lower(limits.tpm, terms.tpm);
        limits.max_nano = terms.max;
        limits.duration = terms.duration;
    }
    if (owner.rates_else) add_rates_else(*owner.rates_else, models);
    for (auto& [model, limits] : models) {
        std::string counter;
        if (limits.max_nano) {
            counter = counter_of(owner, model);
            const store::Spender spender{.name = counter, .counter = true};
            if (!load_spent(spender, limits)) return std::string(kNoAnswer);
        }
        auto subject =
            subjects_.get(id_of(owner, model), owner.model_descriptor, owner.name + ":" + model);
        subject->limit_rates(limits);
        subject->budget.load(limits);
        to_.limits.push_back(
            {std::move(subject), owner.asked, model, std::move(counter), limits.of_group});
    }
    return {};
}

}  // namespace patchbay::access
