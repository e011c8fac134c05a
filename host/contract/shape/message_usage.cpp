#include <algorithm>
#include <cstddef>

#include "contract/json/json_walk.hpp"
#include "contract/json/member_walker.hpp"
#include "contract/shape/message_facts.hpp"
#include "contract/shape/token_count.hpp"

namespace patchbay {

namespace {

struct Count {
    std::uint64_t value = 0;
    bool told = false;

    void read(std::string_view text) {
        const auto count = token_count(text);
        if (!count) return;
        value = *count;
        told = true;
    }
    void replace(std::uint64_t& old) const {
        if (value > 0) old = value;
    }
};

// A string's inside; anything else as it is.
std::string_view unquoted(std::string_view value) {
    const bool quoted = value.size() >= 2 && value.front() == '"';
    return quoted ? value.substr(1, value.size() - 2) : value;
}

void read_member(std::string_view object, std::string_view name, Count& count) {
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        if (m.name == name) count.read(m.value);
    }
}

// What a usage counts of tokens, and each of its iterations.
struct Tokens {
    Count input;
    Count output;
    Count creation;
    Count read;
    Count thinking;
    Count an_hour;

    // False if the member is none of them.
    bool take(const JsonMember& m) {
        if (m.name == "input_tokens") {
            input.read(m.value);
        } else if (m.name == "output_tokens") {
            output.read(m.value);
        } else if (m.name == "cache_creation_input_tokens") {
            creation.read(m.value);
        } else if (m.name == "cache_read_input_tokens") {
            read.read(m.value);
        } else if (m.name == "output_tokens_details") {
            read_member(m.value, "thinking_tokens", thinking);
        } else if (m.name == "cache_creation") {
            read_member(m.value, "ephemeral_1h_input_tokens", an_hour);
        } else {
            return false;
        }
        return true;
    }
};

constexpr Count Tokens::*kTokens[] = {&Tokens::input, &Tokens::output,   &Tokens::creation,
                                      &Tokens::read,  &Tokens::thinking, &Tokens::an_hour};

// The usage counts the last sampling alone where the provider summarized the conversation before it; all
// are paid for.
void add_iterations(std::string_view list, Tokens& tokens) {
    Tokens sum;
    JsonReader reader(list);
    walk_array(reader, [&] {
        const std::size_t from = reader.at();
        if (!reader.take_value()) return false;
        Tokens one;
        MemberWalker walker(list.substr(from, reader.at() - from));
        for (JsonMember m; walker.next(m);) one.take(m);
        for (const auto count : kTokens) (sum.*count).value += (one.*count).value;
        return true;
    });
    for (const auto count : kTokens) {
        Count& told = tokens.*count;
        told.value = std::max(told.value, (sum.*count).value);
        told.told = told.told || told.value > 0;
    }
}

}  // namespace

bool read_message_usage(std::string_view usage_json, Usage& usage) {
    Tokens tokens;
    Count searches;
    std::string_view iterations;
    MemberWalker walker(usage_json);
    for (JsonMember m; walker.next(m);) {
        if (tokens.take(m)) continue;
        if (m.name == "iterations") {
            iterations = m.value;
        } else if (m.name == "server_tool_use") {
            read_member(m.value, "web_search_requests", searches);
        } else if (m.name == "service_tier") {
            const ServiceTier tier = service_tier(unquoted(m.value));
            if (tier != ServiceTier::untold) usage.tier = tier;
        } else if (m.name == "speed") {
            usage.fast = m.value == "\"fast\"";
        } else if (m.name == "inference_geo") {
            usage.in_us = m.value == "\"us\"";
        }
    }
    if (iterations.starts_with('[')) add_iterations(iterations, tokens);
    const auto& [input, output, creation, read, thinking, an_hour] = tokens;
    const bool told = input.told || output.told || creation.told || read.told;
    if (!walker.complete() || !told) return false;
    const auto through_cache = usage.cached + usage.cache_creation;
    std::uint64_t uncached = usage.prompt - std::min(usage.prompt, through_cache);
    const bool cached = creation.value > usage.cache_creation || read.value > usage.cached;
    if (input.value > 0 || (input.told && cached)) uncached = input.value;
    creation.replace(usage.cache_creation);
    read.replace(usage.cached);
    output.replace(usage.completion);
    thinking.replace(usage.reasoning);
    an_hour.replace(usage.cache_creation_1h);
    searches.replace(usage.searches);
    usage.prompt = uncached + usage.cached + usage.cache_creation;
    usage.total = usage.prompt + usage.completion;
    return true;
}

}  // namespace patchbay
