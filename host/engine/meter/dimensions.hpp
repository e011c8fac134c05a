// What can be charged for: one row for each kind of unit, and the tiers in which a rate may differ.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "contract/shape/service_tier.hpp"

namespace patchbay::meter {

/// The part of a bill that a dimension belongs to, as LiteLLM's cost_breakdown has them.
enum class Part : std::uint8_t { input, cache_read, cache_write, output, tools };
inline constexpr std::size_t kParts = 5;

/// When a dimension is not charged, because another one measures the same thing and was: providers
/// tell of a picture its tokens and its number, and a table may have a price for both.
enum class Unless : std::uint8_t { never, image_tokens, input_tokens, output_tokens, tokens };

/// When a count without a rate makes an attempt "unpriced".
enum class Missed : std::uint8_t {
    always,
    alone,  ///< only if nothing else of the attempt has a rate: it is one of several measures
    never
};

// clang-format off
// X(id, divisor, part, stands in for, unless, missed)
//
// `id` is also the name in the price table. A rate is for `divisor` units. A dimension without a rate
// of its own takes that of what it stands in for, which is in turn looked up so; its own id = none.
#define PATCHBAY_DIMENSIONS(X) \
    X(text_in,             1, input,       text_in,     never,        always) \
    X(cached_in,           1, cache_read,  text_in,     never,        always) \
    X(cached_explicit_in,  1, cache_read,  cached_in,   never,        always) \
    X(cached_audio_in,     1, cache_read,  cached_in,   never,        always) \
    X(cached_image_in,     1, cache_read,  cached_in,   never,        always) \
    X(write_5m,            1, cache_write, text_in,     never,        always) \
    X(write_1h,            1, cache_write, write_5m,    never,        always) \
    X(write_12h,           1, cache_write, write_5m,    never,        always) \
    X(write_audio,         1, cache_write, write_5m,    never,        always) \
    X(audio_in,            1, input,       text_in,     never,        always) \
    X(image_in,            1, input,       text_in,     never,        always) \
    X(video_in,            1, input,       text_in,     never,        always) \
    X(citation,            1, input,       text_in,     never,        always) \
    X(text_out,            1, output,      text_out,    never,        always) \
    X(audio_out,           1, output,      text_out,    never,        always) \
    X(image_out,           1, output,      text_out,    never,        always) \
    X(video_out,           1, output,      text_out,    never,        always) \
    X(reasoning_out,       1, output,      text_out,    never,        always) \
    X(images_in,           1, input,       images_in,   image_tokens, alone)  \
    X(images_out,          1, output,      images_in,   output_tokens, alone) \
    X(images_out_512,      1, output,      images_out,  output_tokens, alone) \
    X(images_out_half_k,   1, output,      images_out,  output_tokens, alone) \
    X(images_out_1024,     1, output,      images_out,  output_tokens, alone) \
    X(images_out_1k,       1, output,      images_out,  output_tokens, alone) \
    X(images_out_1536,     1, output,      images_out,  output_tokens, alone) \
    X(images_out_2k,       1, output,      images_out,  output_tokens, alone) \
    X(images_out_4k,       1, output,      images_out,  output_tokens, alone) \
    X(pixels_in,           1, input,       pixels_in,   input_tokens, alone)  \
    X(pixels_out,          1, output,      pixels_in,   output_tokens, alone) \
    X(chars_in,            1, input,       chars_in,    input_tokens, alone)  \
    X(chars_out,           1, output,      chars_out,   output_tokens, alone) \
    X(ms_in,            1000, input,       ms_in,       tokens,       alone)  \
    X(ms_out,           1000, output,      ms_in,       tokens,       alone)  \
    X(ms_out_480p,      1000, output,      ms_out,      tokens,       alone)  \
    X(ms_out_720p,      1000, output,      ms_out,      tokens,       alone)  \
    X(ms_out_768p,      1000, output,      ms_out,      tokens,       alone)  \
    X(ms_out_1080p,     1000, output,      ms_out,      tokens,       alone)  \
    X(ms_out_2k,        1000, output,      ms_out,      tokens,       alone)  \
    X(ms_out_4k,        1000, output,      ms_out,      tokens,       alone)  \
    X(ms_audio_in,      1000, input,       ms_in,       tokens,       alone)  \
    X(ms_video_in,      1000, input,       ms_in,       tokens,       alone)  \
    X(ms_video_in_8s,   1000, input,       ms_video_in, tokens,       alone)  \
    X(ms_video_in_15s,  1000, input,       ms_video_in, tokens,       alone)  \
    X(ms_audio_out,     1000, output,      ms_out,      tokens,       alone)  \
    X(ms_video_out,     1000, output,      ms_out,      tokens,       alone)  \
    X(requests,            1, input,       requests,    never,        never)  \
    X(messages,            1, input,       messages,    never,        never)  \
    X(queries,             1, input,       queries,     never,        alone)  \
    X(search_low,          1, tools,       search_low,  never,        always) \
    X(search_medium,       1, tools,       search_medium, never,      always) \
    X(search_high,         1, tools,       search_high, never,        always) \
    X(maps,                1, tools,       maps,        never,        always) \
    X(file_search,      1000, tools,       file_search, never,        always) \
    X(sessions,            1, tools,       sessions,    never,        always) \
    X(computer_in,      1000, tools,       text_in,     never,        always) \
    X(computer_out,     1000, tools,       text_out,    never,        always) \
    X(pages,               1, input,       pages,       never,        always) \
    X(pages_annotated,     1, input,       pages_annotated, never,    always) \
    X(credits,             1, input,       credits,     never,        always) \
    X(file_gb_days,        1, tools,       file_gb_days, never,       always) \
    X(vector_gb_days,      1, tools,       vector_gb_days, never,     always) \
    X(provisioned_ms,   1000, input,       provisioned_ms, never,     never)  \
    X(dbu_in,              1, input,       dbu_in,      input_tokens, never)  \
    X(dbu_out,             1, output,      dbu_out,     output_tokens, never) \
    X(guard_reasoning,     1, tools,       guard_reasoning, never,    always) \
    X(guard_image,         1, tools,       guard_image, never,        always) \
    X(guard_content,       1, tools,       guard_content, never,      always) \
    X(guard_grounding,     1, tools,       guard_grounding, never,    always) \
    X(guard_sensitive_free, 1, tools,      guard_sensitive_free, never, always) \
    X(guard_sensitive,     1, tools,       guard_sensitive, never,    always) \
    X(guard_topic,         1, tools,       guard_topic, never,        always) \
    X(guard_word,          1, tools,       guard_word,  never,        always)

// X(id, suffix in LiteLLM's price map)
//
// `off_peak` is no tier that is asked for: rates of its own for hours that the card names. The others are
// those of ServiceTier.
#define PATCHBAY_TIERS(X) \
    X(standard,  "") \
    X(batches,   "batches") \
    X(priority,  "priority") \
    X(flex,      "flex") \
    X(balanced,  "balanced") \
    X(ultrafast, "ultrafast") \
    X(decisions, "decisions") \
    X(off_peak,  "off_peak")

// X(id, field of LiteLLM's price map): factors on all rates of a card.
#define PATCHBAY_MULTIPLIERS(X) \
    X(eu,       "regional_processing_uplift_multiplier_eu") \
    X(us,       "regional_processing_uplift_multiplier_us") \
    X(fedramp,  "fedramp_uplift_multiplier") \
    X(regional, "regional_endpoint_uplift_multiplier") \
    X(geo_us,   "provider_specific_entry.us") \
    X(fast,     "provider_specific_entry.fast")
// clang-format on

enum class Dimension : std::uint8_t {
#define X(id, ...) id,
    PATCHBAY_DIMENSIONS(X)
#undef X
};

enum class Tier : std::uint8_t {
#define X(id, ...) id,
    PATCHBAY_TIERS(X)
#undef X
};

enum class Multiplier : std::uint8_t {
#define X(id, ...) id,
    PATCHBAY_MULTIPLIERS(X)
#undef X
};

struct DimensionRow {
    std::string_view name;
    std::uint32_t divisor;
    Part part;
    Dimension stands_in_for;  ///< itself = nothing
    Unless unless;
    Missed missed;
};
inline constexpr auto kDimensions = std::to_array<DimensionRow>({
#define X(id, divisor, part, stand, unless, missed) \
    {#id, divisor, Part::part, Dimension::stand, Unless::unless, Missed::missed},
    PATCHBAY_DIMENSIONS(X)
#undef X
});

struct TierRow {
    std::string_view name;    ///< in the price table
    std::string_view suffix;  ///< in LiteLLM's, behind a '_'
};
inline constexpr auto kTiers = std::to_array<TierRow>({
#define X(id, suffix) {#id, suffix},
    PATCHBAY_TIERS(X)
#undef X
});

struct MultiplierRow {
    std::string_view name;
    std::string_view field;
};
inline constexpr auto kMultipliers = std::to_array<MultiplierRow>({
#define X(id, field) {#id, field},
    PATCHBAY_MULTIPLIERS(X)
#undef X
});

constexpr const DimensionRow& row(Dimension dimension) {
    return kDimensions[static_cast<std::size_t>(dimension)];
}
/// Is a unit of it a token? All such dimensions stand first.
constexpr bool is_token(Dimension dimension) {
    return dimension <= Dimension::reasoning_out;
}

/// By its name in the price table; nullopt = there is none.
std::optional<Dimension> find_dimension(std::string_view name);
std::optional<Tier> find_tier(std::string_view name);
std::optional<Multiplier> find_multiplier(std::string_view name);

/// The tier whose rates hold; the standard one where none was told.
constexpr Tier tier_of(ServiceTier told) {
    return told == ServiceTier::untold ? Tier::standard
                                       : static_cast<Tier>(static_cast<int>(told) - 1);
}
static_assert(tier_of(ServiceTier::standard) == Tier::standard &&
              tier_of(ServiceTier::flex) == Tier::flex &&
              tier_of(ServiceTier::decisions) == Tier::decisions);

}  // namespace patchbay::meter
