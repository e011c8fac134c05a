#include "contract/shape/usage.hpp"

#include <algorithm>
#include <charconv>

#include "contract/json/member_walker.hpp"

namespace patchbay {

namespace {

// A count; a fraction (some servers write 12.0) is cut off. False if the value is no count, or one
// beyond 64 bits.
bool read_count(std::string_view value, std::uint64_t& count) {
    std::uint64_t parsed = 0;
    const char* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, parsed);
    if (error != std::errc()) return false;
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    if (!rest.empty() && (rest[0] != '.' || rest.find_first_of("eE") != rest.npos)) return false;
    count = parsed;
    return true;
}

void read_prompt_details(std::string_view details, Usage& usage) {
    MemberWalker walker(details);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "cached_tokens") {
            read_count(m.value, usage.cached);
        } else if (m.name == "cache_creation_tokens" || m.name == "cache_write_tokens") {
            read_count(m.value, usage.cache_creation);
        } else if (m.name == "audio_tokens") {
            read_count(m.value, usage.audio_prompt);
        } else if (m.name == "image_tokens") {
            read_count(m.value, usage.image_prompt);
        }
    }
}

void read_completion_details(std::string_view details, Usage& usage) {
    MemberWalker walker(details);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "reasoning_tokens") {
            read_count(m.value, usage.reasoning);
        } else if (m.name == "audio_tokens") {
            read_count(m.value, usage.audio_completion);
        } else if (m.name == "image_tokens") {
            read_count(m.value, usage.image_completion);
        }
    }
}

}  // namespace

std::optional<Usage> parse_usage(std::string_view usage_json) {
    Usage usage;
    bool prompt_told = false;
    bool completion_told = false;
    bool total_told = false;
    std::uint64_t input = 0;
    std::uint64_t output = 0;
    // Beside OpenAI's details, for answers that went through another gateway; details win.
    std::uint64_t cache_read = 0;
    std::uint64_t cache_creation = 0;
    bool newer_told = false;
    MemberWalker walker(usage_json);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "prompt_tokens") {
            prompt_told |= read_count(m.value, usage.prompt);
        } else if (m.name == "completion_tokens") {
            completion_told |= read_count(m.value, usage.completion);
        } else if (m.name == "input_tokens") {
            newer_told |= read_count(m.value, input);
        } else if (m.name == "output_tokens") {
            newer_told |= read_count(m.value, output);
        } else if (m.name == "total_tokens") {
            total_told = read_count(m.value, usage.total);
        } else if (m.name == "prompt_tokens_details" || m.name == "input_tokens_details") {
            read_prompt_details(m.value, usage);
        } else if (m.name == "completion_tokens_details" || m.name == "output_tokens_details") {
            read_completion_details(m.value, usage);
        } else if (m.name == "cache_read_input_tokens") {
            read_count(m.value, cache_read);
        } else if (m.name == "cache_creation_input_tokens") {
            read_count(m.value, cache_creation);
        }
    }
    const bool told = prompt_told || completion_told || newer_told || total_told;
    if (!walker.complete() || !told) return std::nullopt;
    if (!prompt_told) usage.prompt = input;
    if (!completion_told) usage.completion = output;
    if (!total_told) usage.total = usage.prompt + usage.completion;
    if (usage.cached == 0) usage.cached = cache_read;
    if (usage.cache_creation == 0) usage.cache_creation = cache_creation;
    return usage;
}

bool has_counts(const Usage& usage) {
    return std::any_of(kUsageCounts.begin(), kUsageCounts.end(),
                       [&](auto count) { return usage.*count > 0; });
}

void merge_usage(Usage& known, const Usage& told) {
    if (told.tier != ServiceTier::untold) known.tier = told.tier;
    known.fast = known.fast || told.fast;
    known.in_us = known.in_us || told.in_us;
    if (!has_counts(told)) return;
    const bool whole = told.prompt > 0 && told.completion > 0;
    for (const auto count : kUsageCounts) {
        if (told.*count > 0) known.*count = told.*count;
    }
    if (!whole) known.total = std::max(told.total, known.prompt + known.completion);
}

bool read_usage(std::string_view usage_json, Usage& known) {
    const auto told = parse_usage(usage_json);
    if (!told) return false;
    merge_usage(known, *told);
    return true;
}

}  // namespace patchbay
