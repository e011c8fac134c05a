// SPDX-License-Identifier: Apache-2.0
#include "usage.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>

namespace patchbay::anthropic {

namespace {

std::uint64_t count_in(const json::object& usage, std::string_view part, std::string_view name) {
    if (part.empty()) return count(usage, name);
    const auto* inner = find_object(usage, part);
    return inner ? count(*inner, name) : 0;
}

// A count of the usage, or of its object `part`. The usage counts the last sampling alone where the
// provider summarized the conversation before it; all are paid for.
std::uint64_t told_count(const json::object& usage, std::string_view name,
                         std::string_view part = {}) {
    std::uint64_t sum = 0;
    if (const auto* iterations = find_array(usage, "iterations")) {
        for (const auto& one : *iterations) {
            if (one.is_object()) sum += count_in(one.get_object(), part, name);
        }
    }
    return std::max(sum, count_in(usage, part, name));
}

}  // namespace

void Usage::merge(const json::object& usage) {
    const auto take = [](std::uint64_t& to, std::uint64_t told) {
        if (told > 0) to = told;
    };
    const auto input = told_count(usage, "input_tokens");
    const auto written_5m = told_count(usage, "ephemeral_5m_input_tokens", "cache_creation");
    const auto written_1h = told_count(usage, "ephemeral_1h_input_tokens", "cache_creation");
    // Some servers of this API tell the parts without their sum.
    const auto written =
        std::max(told_count(usage, "cache_creation_input_tokens"), written_5m + written_1h);
    const auto read = told_count(usage, "cache_read_input_tokens");
    // An estimate at the beginning counts as input what turns out to have been cached.
    const bool cached = written > cache_write_ || read > cache_read_;
    if (cached && find(usage, "input_tokens")) input_ = input;
    take(input_, input);
    take(output_, told_count(usage, "output_tokens"));
    take(cache_write_, written);
    take(cache_read_, read);
    take(cache_write_5m_, written_5m);
    take(cache_write_1h_, written_1h);
    if (const auto* server_tools = find_object(usage, "server_tool_use")) {
        take(web_searches_, count(*server_tools, "web_search_requests"));
        take(web_fetches_, count(*server_tools, "web_fetch_requests"));
    }
    service_tier_ = text(usage, "service_tier", service_tier_);
    const auto* details = find_object(usage, "output_tokens_details");
    const auto thoughts = told_count(usage, "thinking_tokens", "output_tokens_details");
    if (thoughts > 0 || (details && find(*details, "thinking_tokens"))) {
        reasoning_ = std::max(reasoning_.value_or(0), thoughts);
    }
}

json::object Usage::to_openai() const {
    json::object prompt_details{{"cached_tokens", cache_read_},
                                {"cache_write_tokens", cache_write_},
                                {"cache_creation_tokens", cache_write_},
                                {"text_tokens", input_}};
    if (cache_write_5m_ + cache_write_1h_ > 0) {
        prompt_details["cache_creation_token_details"] =
            json::object{{"ephemeral_5m_input_tokens", cache_write_5m_},
                         {"ephemeral_1h_input_tokens", cache_write_1h_}};
    }
    json::object usage{{"prompt_tokens", prompt_tokens()},
                       {"completion_tokens", output_},
                       {"total_tokens", prompt_tokens() + output_},
                       {"prompt_tokens_details", std::move(prompt_details)},
                       {"cache_creation_input_tokens", cache_write_},
                       {"cache_read_input_tokens", cache_read_}};
    if (reasoning_ || !thought_) {
        const auto reasoning = std::min(output_, reasoning_.value_or(0));
        usage["completion_tokens_details"] =
            json::object{{"reasoning_tokens", reasoning}, {"text_tokens", output_ - reasoning}};
    }
    json::object server_tools;
    if (web_searches_ > 0) server_tools["web_search_requests"] = web_searches_;
    if (web_fetches_ > 0) server_tools["web_fetch_requests"] = web_fetches_;
    if (!server_tools.empty()) usage["server_tool_use"] = std::move(server_tools);
    if (!service_tier_.empty()) usage["service_tier"] = service_tier_;
    return usage;
}

bay_usage Usage::to_host() const {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = prompt_tokens();
    usage.output_tokens = output_;
    usage.cached_input_tokens = cache_read_;
    usage.cache_write_tokens = cache_write_;
    usage.reasoning_tokens = reasoning_.value_or(0);
    usage.cache_write_1h_tokens = std::min(cache_write_1h_, cache_write_);
    usage.searches = web_searches_;
    usage.tier = bay::str(service_tier_);
    return usage;
}

}  // namespace patchbay::anthropic
