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

}  // namespace

void add_usage(json::object& facts, std::span<const LedgerEntry> attempts) {
    LedgerEntry sum;
    for (const LedgerEntry& attempt : attempts) {
        sum.flags |= attempt.flags;
        for (std::size_t i = 0; i < sum.usage.size(); ++i) sum.usage[i] += attempt.usage[i];
    }
    const Usage used = sum.counts();
    facts["prompt_tokens"] = used.prompt;
    facts["completion_tokens"] = used.completion;
    facts["total_tokens"] = used.total;
    facts["usage_object"] = usage_object(used);
    facts["usage_estimated"] = estimated(sum);

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
        (*object)["usage_object"] = usage_object(attempts[i].counts());
    }
}

}  // namespace patchbay
