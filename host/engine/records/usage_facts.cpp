#include "engine/records/usage_facts.hpp"

#include <algorithm>

namespace patchbay {

namespace json = boost::json;

namespace {

bool estimated(const LedgerEntry& attempt) {
    return (attempt.flags & LedgerEntry::kEstimated) != 0;
}

double seconds(std::int64_t us) {
    constexpr double kMicroseconds = 1e6;
    return static_cast<double>(us) / kMicroseconds;
}

json::object usage_object(const Usage& usage) {
    return {{"prompt_tokens", usage.prompt},
            {"completion_tokens", usage.completion},
            {"total_tokens", usage.total},
            {"prompt_tokens_details", json::object{{"cached_tokens", usage.cached},
                                                   {"cache_creation_tokens", usage.cache_creation},
                                                   {"audio_tokens", usage.audio_prompt}}},
            {"completion_tokens_details", json::object{{"reasoning_tokens", usage.reasoning},
                                                       {"audio_tokens", usage.audio_completion}}},
            {"cache_read_input_tokens", usage.cached},
            {"cache_creation_input_tokens", usage.cache_creation}};
}

double part(const LedgerEntry& entry, meter::Part which) {
    return meter::as_double(entry.parts[static_cast<std::size_t>(which)]);
}

// LiteLLM's CostBreakdown. Amounts are dollars; shares are of 1.
json::object cost_breakdown(const LedgerEntry& entry) {
    constexpr double kWhole = meter::kWhole;
    using meter::as_double;
    return {{"input_cost", part(entry, meter::Part::input)},
            {"cache_read_cost", part(entry, meter::Part::cache_read)},
            {"cache_creation_cost", part(entry, meter::Part::cache_write)},
            {"output_cost", part(entry, meter::Part::output)},
            {"reasoning_cost", as_double(entry.reasoning)},
            {"tool_usage_cost", part(entry, meter::Part::tools)},
            {"original_cost", as_double(entry.original)},
            {"discount_percent", entry.discount_ppm / kWhole},
            {"discount_amount", as_double(entry.original - entry.cost)},
            {"margin_percent", entry.margin_ppm / kWhole},
            {"margin_fixed_amount", as_double(entry.margin_fixed)},
            {"margin_total_amount", as_double(entry.charge - entry.cost)},
            {"total_cost", as_double(entry.charge)}};
}

void add_money(LedgerEntry& sum, const LedgerEntry& attempt) {
    for (std::size_t i = 0; i < sum.parts.size(); ++i) sum.parts[i] += attempt.parts[i];
    sum.reasoning += attempt.reasoning;
    sum.original += attempt.original;
    sum.cost += attempt.cost;
    sum.charge += attempt.charge;
    sum.margin_fixed += attempt.margin_fixed;
    // Of several attempts the last one's.
    sum.discount_ppm = attempt.discount_ppm;
    sum.margin_ppm = attempt.margin_ppm;
}

bool unpriced(const LedgerEntry& entry) {
    return (entry.flags & LedgerEntry::kUnpriced) != 0;
}

}  // namespace

void add_usage(json::object& facts, std::span<const LedgerEntry> attempts) {
    LedgerEntry sum;
    for (const LedgerEntry& attempt : attempts) {
        sum.flags |= attempt.flags;
        for (std::size_t i = 0; i < sum.usage.size(); ++i) sum.usage[i] += attempt.usage[i];
        add_money(sum, attempt);
    }
    const Usage used = sum.counts();
    facts["prompt_tokens"] = used.prompt;
    facts["completion_tokens"] = used.completion;
    facts["total_tokens"] = used.total;
    facts["usage_object"] = usage_object(used);
    facts["usage_estimated"] = estimated(sum);
    facts["response_cost"] = meter::as_double(sum.charge);
    facts["cost_breakdown"] = cost_breakdown(sum);
    facts["cost_unpriced"] = unpriced(sum);

    auto* told = facts.if_contains("attempts");
    if (!told || !told->is_array()) return;
    json::array& list = told->get_array();
    for (std::size_t i = 0; i < std::min(list.size(), attempts.size()); ++i) {
        auto* object = list[i].if_object();
        if (!object) continue;
        (*object)["startTime"] = seconds(attempts[i].started_us);
        (*object)["endTime"] = seconds(attempts[i].ended_us);
        (*object)["status_code"] = attempts[i].status;
        (*object)["usage_estimated"] = estimated(attempts[i]);
        (*object)["response_cost"] = meter::as_double(attempts[i].charge);
        (*object)["usage_object"] = usage_object(attempts[i].counts());
    }
}

}  // namespace patchbay
