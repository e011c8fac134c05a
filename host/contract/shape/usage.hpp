// The token counts of an answer in OpenAI's shape.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "contract/shape/service_tier.hpp"

namespace patchbay {

/// What an attempt used; 0 = none or not told.
struct Usage {
    std::uint64_t prompt = 0;
    std::uint64_t completion = 0;
    std::uint64_t total = 0;              ///< prompt + completion if the answer gave none
    std::uint64_t cached = 0;             ///< part of prompt: read from the provider's prompt cache
    std::uint64_t cache_creation = 0;     ///< part of prompt: written to it
    std::uint64_t reasoning = 0;          ///< part of completion
    std::uint64_t audio_prompt = 0;       ///< part of prompt
    std::uint64_t audio_completion = 0;   ///< part of completion
    std::uint64_t cache_creation_1h = 0;  ///< part of cache_creation: kept for an hour
    std::uint64_t image_prompt = 0;       ///< part of prompt
    std::uint64_t image_completion = 0;   ///< part of completion
    std::uint64_t images = 0;             ///< made
    std::uint64_t milliseconds = 0;       ///< of audio or video, read or made
    std::uint64_t characters = 0;         ///< of text that was spoken or translated
    std::uint64_t searches = 0;           ///< on the web, by the provider
    ServiceTier tier = ServiceTier::untold;  ///< that served
    bool fast = false;                       ///< Anthropic's `speed: fast`
    bool in_us = false;                      ///< Anthropic's `inference_geo: us`
    bool operator==(const Usage&) const = default;
};

/// Every count, in the order above. What is no count does not belong here.
inline constexpr std::array kUsageCounts{
    &Usage::prompt,       &Usage::completion,       &Usage::total,
    &Usage::cached,       &Usage::cache_creation,   &Usage::reasoning,
    &Usage::audio_prompt, &Usage::audio_completion, &Usage::cache_creation_1h,
    &Usage::image_prompt, &Usage::image_completion, &Usage::images,
    &Usage::milliseconds, &Usage::characters,       &Usage::searches};

/// Is there any count that is not 0?
bool has_counts(const Usage& usage);

/// Where a member of an answer's "usage" belongs.
enum class UsageMember { count, prompt_details, completion_details };
UsageMember usage_member(std::string_view name);

/// The rules of parse_usage(), for whoever has the members already: tell each count (a value of 0 to
/// 64 bits; what is none is not told), then ask. Allocates nothing.
class UsageReader {
  public:
    /// A member of kind count; names that are unknown are skipped.
    void count(std::string_view name, std::uint64_t value);
    /// A member of one of the details.
    void detail(UsageMember of, std::string_view name, std::uint64_t value);
    /// nullopt: none of the two counts nor the total was told.
    std::optional<Usage> finish() const;

  private:
    Usage usage_;
    std::optional<std::uint64_t> prompt_, completion_, total_;
    std::optional<std::uint64_t> input_, output_;  ///< in the words of the newer APIs
    // Beside OpenAI's details, for answers that went through another gateway, and for DeepSeek's API
    // (prompt_cache_hit_tokens) wherever it is served; details win.
    std::uint64_t cache_read_ = 0;
    std::uint64_t cache_creation_ = 0;
};

/// Reads the value of an answer's "usage", in the words of chat (prompt_tokens, completion_tokens)
/// or in those of OpenAI's newer APIs (input_tokens, output_tokens); chat's count if both are there.
/// Members that are missing, null, negative, or of another
/// type count as 0, unknown ones are skipped. nullopt if the text is no object or holds none of
/// the two counts and total_tokens. Any bytes are safe; allocates nothing; any
/// thread.
std::optional<Usage> parse_usage(std::string_view usage_json);

/// Puts what is told later over what is known: a count that is not 0 holds, also if it is smaller
/// (some servers begin a stream with an estimate), 0 says nothing. The total is the later one if
/// both parts came with it, else their sum. A tier and the marks hold once they are told.
void merge_usage(Usage& known, const Usage& told);

/// parse_usage() over what is known. False: nothing was told, and `known` stays.
bool read_usage(std::string_view usage_json, Usage& known);

}  // namespace patchbay
