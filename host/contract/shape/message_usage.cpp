#include <algorithm>
#include <charconv>

#include "contract/json/member_walker.hpp"
#include "contract/shape/message_facts.hpp"

namespace patchbay {

namespace {

struct Count {
    std::uint64_t value = 0;
    bool told = false;

    void read(std::string_view text) {
        std::uint64_t parsed = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
        if (error != std::errc() || stop != text.data() + text.size()) return;
        value = parsed;
        told = true;
    }
    void replace(std::uint64_t& old) const {
        if (value > 0) old = value;
    }
};

void read_thinking(std::string_view details, Count& thinking) {
    MemberWalker walker(details);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "thinking_tokens") thinking.read(m.value);
    }
}

}  // namespace

bool read_message_usage(std::string_view usage_json, Usage& usage) {
    Count input;
    Count output;
    Count creation;
    Count read;
    Count thinking;
    MemberWalker walker(usage_json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "input_tokens") {
            input.read(m.value);
        } else if (m.name == "output_tokens") {
            output.read(m.value);
        } else if (m.name == "cache_creation_input_tokens") {
            creation.read(m.value);
        } else if (m.name == "cache_read_input_tokens") {
            read.read(m.value);
        } else if (m.name == "output_tokens_details") {
            read_thinking(m.value, thinking);
        }
    }
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
    usage.prompt = uncached + usage.cached + usage.cache_creation;
    usage.total = usage.prompt + usage.completion;
    return true;
}

}  // namespace patchbay
