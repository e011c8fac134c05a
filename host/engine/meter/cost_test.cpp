// Bills by hand. The rates are those of the table in the binary on a fixed day, in nano-dollars a unit, and
// the expected amount is the arithmetic as a person would write it down.
#include "engine/meter/cost.hpp"

#include <charconv>
#include <random>

#include <gtest/gtest.h>

#include "engine/meter/price_book.hpp"
#include "engine/meter/price_row.hpp"

namespace patchbay::meter {
namespace {

constexpr std::string_view kDay = "2026-11-27";
constexpr std::int64_t kNoon = 1'795'780'800'000'000;  // Friday 2026-11-27 12:00 UTC

std::shared_ptr<const RateCard> bundled(std::string_view model) {
    std::string what;
    auto row = read_row(find_price(embedded_prices(), model, kDay), what);
    return row ? make_card(std::move(row->terms)) : nullptr;
}

// "text_in 1200 cached_in 50000"
std::vector<Count> read_counts(std::string_view text) {
    std::vector<Count> counts;
    const auto word = [&] {
        const std::size_t space = text.find(' ');
        const std::string_view taken = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        return taken;
    };
    while (!text.empty()) {
        const auto dimension = find_dimension(word());
        EXPECT_TRUE(dimension);
        const std::string_view number = word();
        std::uint64_t units = 0;
        std::from_chars(number.data(), number.data() + number.size(), units);
        if (dimension) counts.push_back({*dimension, units});
    }
    return counts;
}

std::uint64_t size_of(const std::vector<Count>& counts) {
    std::uint64_t size = 0;
    for (const Count& count : counts) {
        const bool prompt = is_token(count.dimension) && row(count.dimension).part != Part::output;
        if (prompt) size += count.units;
    }
    return size;
}

constexpr std::uint8_t bit(Multiplier which) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(which));
}

struct Bill {
    std::string_view model;
    std::string_view counts;
    Amount expected;
    Tier tier = Tier::standard;
    std::uint8_t multipliers = 0;
    std::uint8_t flags = 0;
    std::int64_t ended_us = kNoon;
};

void expect_bills(std::span<const Bill> bills) {
    for (const Bill& bill : bills) {
        SCOPED_TRACE(std::string(bill.model) + ": " + std::string(bill.counts));
        const auto card = bundled(bill.model);
        ASSERT_TRUE(card);
        const auto counts = read_counts(bill.counts);
        const Circumstances how{bill.tier, size_of(counts), bill.multipliers, bill.ended_us};
        const Cost cost = cost_of(*card, counts, how, {});
        EXPECT_EQ(cost.charge, bill.expected);
        EXPECT_EQ(cost.cost, bill.expected);
        EXPECT_EQ(cost.original, bill.expected);
        EXPECT_EQ(cost.flags, bill.flags);
        Amount parts = 0;
        for (const Amount part : cost.parts) parts += part;
        EXPECT_EQ(parts, cost.original) << "parts sum to the whole";
    }
}

constexpr std::uint8_t kAssumed = Cost::kAssumed;
constexpr std::uint8_t kUnpriced = Cost::kUnpriced;

TEST(Cost, the_worked_bills_of_the_documentation) {
    expect_bills(std::to_array<Bill>({
        {"claude-sonnet-4-5",
         "text_in 1200 cached_in 50000 write_5m 3000 write_1h 1000 text_out 800",
         1200 * 3000 + 50000 * 300 + 3000 * 3750 + 1000 * 6000 + 800 * 15000},
        {"gpt-5.6", "text_in 100000 cached_in 200000 text_out 500 reasoning_out 1500",
         2'244'000'000, Tier::priority, bit(Multiplier::eu)},
        {"gemini-2.5-flash", "text_in 6000 audio_in 4000 text_out 500 reasoning_out 700",
         6000 * 150 + 4000 * 500 + 500 * 1250 + 700 * 1250, Tier::batches, 0, kAssumed},
        {"whisper-1", "ms_out 30500", 3'050'000},
        {"aihubmix/doubao-seed-2-0-mini", "text_in 11 cached_in 7", 374},
        {"dashscope/qwen-flash", "text_in 256000", 12'800'000},
        {"dashscope/qwen-flash", "text_in 256001", 64'000'250},
        {"gpt-image-1", "text_in 60 image_in 194 image_out 4160", 168'640'000},
        {"mistral/mistral-ocr-4-0", "pages 12 pages_annotated 12", 108'000'000},
        {"gpt-5.6", "search_medium 3", 30'000'000},
    }));
}

TEST(Cost, of_plain_tokens) {
    expect_bills(std::to_array<Bill>({
        {"gpt-4o", "text_in 1", 2500},
        {"gpt-4o", "text_out 1", 10000},
        {"gpt-4o", "text_in 1000 text_out 1000", 1000 * 2500 + 1000 * 10000},
        {"gpt-4o", "text_in 12 text_out 7", 12 * 2500 + 7 * 10000},
        {"gpt-4o", "text_in 0", 0},
        {"gpt-4o", "cached_in 1000", 1000 * 1250},
        {"gpt-4o", "text_in 36 cached_in 64 text_out 20", 36 * 2500 + 64 * 1250 + 20 * 10000},
        {"gpt-4o", "reasoning_out 100", 100 * 10000},
        {"gpt-4o", "audio_in 100", 100 * 2500},
        {"gpt-4o", "write_5m 10", 10 * 2500},
        {"gpt-4o", "write_1h 10", 10 * 2500},
        {"gpt-4o", "text_in 1 requests 1", 2500},
        {"gpt-4o-mini", "text_in 1", 150},
        {"gpt-4o-mini", "text_in 7 cached_in 3 text_out 2", 7 * 150 + 3 * 75 + 2 * 600},
        {"gpt-4o-mini", "text_in 1000000 text_out 1000000", 750'000'000},
        {"claude-sonnet-4-5", "text_in 12 text_out 7", 141'000},
        {"claude-sonnet-4-5", "write_5m 1", 3750},
        {"claude-sonnet-4-5", "write_1h 1", 6000},
        {"claude-sonnet-4-5", "write_12h 4", 4 * 3750},
        {"claude-sonnet-4-5", "write_audio 4", 4 * 3750},
        {"claude-sonnet-4-5", "cached_audio_in 10", 3000},
        {"claude-sonnet-4-5", "cached_image_in 10", 3000},
        {"claude-sonnet-4-5", "cached_explicit_in 10", 3000},
        {"claude-sonnet-4-5", "search_low 1 search_high 2", 3 * 10'000'000},
        {"text-embedding-3-small", "text_in 1000", 20'000},
        {"text-embedding-3-small", "text_in 1", 20},
        {"text-embedding-3-large", "text_in 3", 3 * 130},
        {"gemini-2.5-flash", "text_in 1000 text_out 10", 1000 * 300 + 10 * 2500},
        {"gemini-2.5-flash", "audio_in 1000", 1000 * 1000},
        {"gemini-2.5-flash", "reasoning_out 50", 50 * 2500},
        {"gemini-2.5-flash", "cached_in 9 cached_audio_in 1", 9 * 30 + 100},
        {"gemini-2.5-flash", "cached_image_in 9", 9 * 30},
        {"gemini-2.5-flash", "maps 2", 2 * 25'000'000},
        {"gpt-image-1", "cached_in 100 cached_image_in 100", 100 * 1250 + 100 * 2500},
        {"aihubmix/doubao-seed-2-0-mini", "text_in 1", 30},
        {"aihubmix/doubao-seed-2-0-mini", "text_in 2", 60},
        {"aihubmix/doubao-seed-2-0-mini", "text_in 500", 15068},
        {"aihubmix/doubao-seed-2-0-mini", "cached_in 1000", 6027},
    }));
}

TEST(Cost, of_tiers) {
    expect_bills(std::to_array<Bill>({
        {"gpt-5.6", "text_in 10 text_out 10", 10 * 4000 + 10 * 20000},
        {"gpt-5.6", "text_in 10 text_out 10", 10 * 8000 + 10 * 40000, Tier::priority},
        {"gpt-5.6", "text_in 10 text_out 10", 10 * 2000 + 10 * 10000, Tier::flex},
        {"gpt-5.6", "text_in 10 text_out 10", 10 * 2000 + 10 * 10000, Tier::batches},
        {"gpt-5.6", "cached_in 10", 10 * 800, Tier::priority},
        {"gpt-5.6", "cached_in 10", 10 * 200, Tier::flex},
        {"gpt-5.6", "write_5m 10", 10 * 10000, Tier::priority},
        {"gpt-5.6", "write_12h 10", 10 * 20000, Tier::priority},
        {"gpt-5.6", "write_12h 10", 10 * 5000, Tier::flex},
        {"gpt-5.6", "text_in 10", 10 * 4000, Tier::balanced},
        {"claude-sonnet-4-5", "text_in 10 text_out 4", 10 * 1500 + 4 * 7500, Tier::batches},
        {"claude-sonnet-4-5", "write_5m 8", 8 * 1875, Tier::batches},
        {"claude-sonnet-4-5", "write_1h 8", 8 * 3000, Tier::batches, 0, kAssumed},
        {"claude-sonnet-4-5", "cached_in 10", 10 * 150, Tier::batches},
        {"claude-sonnet-4-5", "text_in 10", 10 * 3000, Tier::priority},
        {"gemini-2.5-flash", "text_in 10 audio_in 10", 10 * 540 + 10 * 1800, Tier::priority},
        {"gemini-2.5-flash", "reasoning_out 100", 100 * 4500, Tier::priority, 0, kAssumed},
        {"gemini-2.5-flash", "reasoning_out 100", 100 * 1250, Tier::flex, 0, kAssumed},
        {"gemini-2.5-flash", "cached_in 100", 100 * 30, Tier::flex},
        {"gemini-2.5-flash", "cached_in 100", 100 * 15, Tier::batches, 0, kAssumed},
        {"gemini-2.5-flash", "cached_audio_in 100", 100 * 180, Tier::priority},
        {"gpt-4", "text_in 10 text_out 10", 10 * 15000 + 10 * 30000, Tier::batches, 0, kAssumed},
    }));
}

TEST(Cost, of_long_prompts) {
    expect_bills(std::to_array<Bill>({
        {"gpt-5.6", "text_in 272000", 272000LL * 4000},
        {"gpt-5.6", "text_in 272001", 272001LL * 8000},
        {"gpt-5.6", "text_in 1 cached_in 272000", 8000 + 272000LL * 800},
        {"gpt-5.6", "text_in 272001 text_out 10", 272001LL * 8000 + 10 * 30000},
        {"gpt-5.6", "text_in 272001 text_out 10", 272001LL * 16000 + 10 * 60000, Tier::priority},
        {"gpt-5.6", "text_in 272001 reasoning_out 10", 272001LL * 8000 + 10 * 30000},
        {"gpt-5.6", "text_in 272001 write_5m 10", 272001LL * 8000 + 10 * 10000},
        {"gpt-5.6", "text_in 272001 write_12h 10", 272001LL * 8000 + 10 * 20000},
        {"gpt-5.6", "text_in 272001 write_1h 10", 272001LL * 8000 + 10 * 10000},
        {"dashscope/qwen-flash", "text_in 10 text_out 10", 10 * 50 + 10 * 400},
        {"dashscope/qwen-flash", "text_in 300000 text_out 10", 300000LL * 250 + 10 * 2000},
        {"dashscope/qwen-flash", "text_in 9000000", 9000000LL * 250},
        {"dashscope/qwen3-max", "text_in 32000", 32000LL * 1200},
        {"dashscope/qwen3-max", "text_in 32001", 32001LL * 2400},
        {"dashscope/qwen3-max", "text_in 128000", 128000LL * 2400},
        {"dashscope/qwen3-max", "text_in 128001 text_out 1", 128001LL * 3000 + 15000},
        {"dashscope/qwen3-coder-plus", "text_in 100 cached_in 100", 100 * 1000 + 100 * 100},
        {"dashscope/qwen3-coder-plus", "text_in 1 cached_in 128000", 3000 + 128000LL * 300},
        {"dashscope/qwen-plus-2025-07-28", "text_in 1 reasoning_out 10", 400 + 10 * 4000},
        {"dashscope/qwen-plus-2025-07-28", "text_in 256001 reasoning_out 10",
         256001LL * 1200 + 10 * 12000},
        {"xai/grok-4.20", "text_in 199999", 199999LL * 1250},
        {"xai/grok-4.20", "text_in 200000", 200000LL * 2500},
        {"xai/grok-4.20", "text_in 1 cached_in 199999", 2500 + 199999LL * 400},
    }));
}

TEST(Cost, of_pictures_sound_and_tools) {
    expect_bills(std::to_array<Bill>({
        {"gpt-image-1", "text_out 100", 100 * 40000},
        {"gpt-image-1", "image_out 100 images_out 1", 100 * 40000},
        {"1024-x-1024/gpt-image-1.5", "images_out 2", 18'000'000},
        {"whisper-1", "ms_in 1000", 100'000},
        {"whisper-1", "ms_out 1", 100},
        {"whisper-1", "ms_audio_in 60000", 6'000'000},
        {"whisper-1", "chars_in 5", 0, Tier::standard, 0, kUnpriced},
        {"tts-1", "chars_in 1000", 15'000'000},
        {"tts-1", "chars_in 1", 15'000},
        {"tts-1-hd", "chars_in 200", 200 * 30'000},
        {"mistral/mistral-ocr-4-0", "pages 1", 4'000'000},
        {"mistral/mistral-ocr-4-0", "pages 2 pages_annotated 2", 2 * 2'000'000 + 2 * 2'500'000,
         Tier::batches},
        {"gpt-4o", "text_in 5 images_out 3", 5 * 2500},
        {"gpt-4o", "text_in 5 ms_out 3000", 5 * 2500},
        {"gpt-4o", "sessions 1 text_in 4", 4 * 2500, Tier::standard, 0, kUnpriced},
        {"cohere.rerank-v3-5:0", "queries 3", 3 * 2'000'000},
        {"rerank-v3.5", "queries 1", 2'000'000},
        {"rerank-v3.5", "search_medium 2", 2 * 2'000'000},
        {"dashscope/qwen-flash", "search_medium 1", 0, Tier::standard, 0, kUnpriced},
        {"bedrock/guardrails", "guard_content 1000 guard_topic 1", 1000 * 150'000 + 150'000},
        {"bedrock/guardrails", "guard_word 77 guard_sensitive_free 5", 0},
    }));
}

TEST(Cost, of_places_and_hours) {
    constexpr std::int64_t kHour = 3'600'000'000;
    constexpr std::int64_t kDays = 24 * kHour;
    expect_bills(std::to_array<Bill>({
        {"gpt-5.6", "text_in 1000", 4'400'000, Tier::standard, bit(Multiplier::us)},
        {"gpt-5.6", "text_in 1000", 4'400'000, Tier::standard, bit(Multiplier::fedramp)},
        {"gpt-5.6", "text_in 1000", 4'000'000, Tier::standard, bit(Multiplier::fast)},
        {"gpt-5.6", "text_in 1", 4400, Tier::standard, bit(Multiplier::eu)},
        {"claude-opus-4-8", "text_in 1000", 5'500'000, Tier::standard, bit(Multiplier::geo_us)},
        {"claude-opus-4-8", "text_in 1000", 10'000'000, Tier::standard, bit(Multiplier::fast)},
        {"claude-opus-4-8", "text_in 1000", 11'000'000, Tier::standard,
         bit(Multiplier::geo_us) | bit(Multiplier::fast)},
        {"gpt-4o", "text_in 1000", 2'500'000, Tier::standard, bit(Multiplier::eu)},
        // Off-peak: 0-1, 4-6, 10-24 o'clock on weekdays, all of Saturday and Sunday.
        {"deepseek-flash", "text_in 100 cached_in 100 text_out 10", 100 * 150 + 100 * 3 + 10 * 600},
        {"deepseek-flash", "text_in 100", 100 * 300, Tier::standard, 0, 0, kNoon - 3 * kHour},
        {"deepseek-flash", "text_in 100", 100 * 150, Tier::standard, 0, 0, kNoon - 2 * kHour},
        {"deepseek-flash", "text_in 100", 100 * 150, Tier::standard, 0, 0,
         kNoon - 3 * kHour + kDays},
        {"deepseek-flash", "text_in 100", 100 * 150, Tier::standard, 0, 0,
         kNoon - 3 * kHour + 2 * kDays},
        {"deepseek-flash", "text_in 100", 100 * 300, Tier::standard, 0, 0,
         kNoon - 3 * kHour + 3 * kDays},
        // The week of this one is China's, eight hours ahead: there it is Saturday at 17 o'clock UTC.
        {"tencent/deepseek-v4.1-flash", "text_in 100", 100 * 150, Tier::standard, 0, 0,
         kNoon + 5 * kHour},
    }));
}

TEST(Cost, discounts_and_margins_are_each_rounded_once) {
    struct Row {
        std::string_view model, counts;
        Terms terms;
        Amount original, cost, charge;
    };
    constexpr std::string_view kLong =
        "text_in 1200 cached_in 50000 write_5m 3000 write_1h 1000 text_out 800";
    for (const Row& row : {
             Row{"claude-sonnet-4-5",
                 kLong,
                 {50'000, 100'000, 1'000'000, 0},
                 47'850'000,
                 45'457'500,
                 51'003'250},
             Row{"claude-sonnet-4-5", kLong, {}, 47'850'000, 47'850'000, 47'850'000},
             Row{"claude-sonnet-4-5", kLong, {1'000'000, 0, 0, 0}, 47'850'000, 0, 0},
             Row{"claude-sonnet-4-5", kLong, {1'000'000, 0, 5, 0}, 47'850'000, 0, 0},
             Row{"claude-sonnet-4-5",
                 kLong,
                 {0, 1'000'000, 0, 0},
                 47'850'000,
                 47'850'000,
                 95'700'000},
             Row{"text-embedding-3-small", "text_in 1", {50'000, 0, 0, 0}, 20, 19, 19},
             // 373.685: the discount is of the exact sum, not of what was rounded.
             Row{"aihubmix/doubao-seed-2-0-mini",
                 "text_in 11 cached_in 7",
                 {500'000, 0, 0, 0},
                 374,
                 187,
                 187},
             Row{"gpt-4o-mini", "text_in 1", {0, 50'000, 0, 0}, 150, 150, 158},
             Row{"gpt-4o-mini", "text_in 0", {0, 0, 1'000'000, 0}, 0, 0, 0},
             Row{"gpt-5.6",
                 "text_in 10",
                 {100'000, 0, 0, bit(Multiplier::eu)},
                 44'000,
                 39'600,
                 39'600},
         }) {
        SCOPED_TRACE(row.counts);
        const auto counts = read_counts(row.counts);
        const Circumstances how{Tier::standard, size_of(counts), 0, kNoon};
        const Cost cost = cost_of(*bundled(row.model), counts, how, row.terms);
        EXPECT_EQ(cost.original, row.original);
        EXPECT_EQ(cost.cost, row.cost);
        EXPECT_EQ(cost.charge, row.charge);
        EXPECT_EQ(cost.discount(), row.original - row.cost);
        EXPECT_EQ(cost.margin(), row.charge - row.cost);
    }
}

TEST(Cost, parts_tell_where_the_money_went) {
    const auto counts = read_counts(
        "text_in 10 cached_in 20 write_5m 30 text_out 40 reasoning_out 50 search_high 1");
    const Cost cost =
        cost_of(*bundled("claude-sonnet-4-5"), counts, {.size = 60, .ended_us = kNoon}, {});
    EXPECT_EQ(cost.part(Part::input), 10 * 3000);
    EXPECT_EQ(cost.part(Part::cache_read), 20 * 300);
    EXPECT_EQ(cost.part(Part::cache_write), 30 * 3750);
    EXPECT_EQ(cost.part(Part::output), 90 * 15000);
    EXPECT_EQ(cost.part(Part::tools), 10'000'000);
    EXPECT_EQ(cost.reasoning, 50 * 15000);
}

TEST(Cost, of_what_nobody_can_have_used_is_nothing_and_says_so) {
    const Count absurd{Dimension::text_in, 1'000'000'000'000'000'000};
    const Count dear{Dimension::text_out, 1'000'000'000'000};
    for (const Count& count : {absurd, dear}) {
        const Cost cost = cost_of(*bundled("gpt-4o"), std::span(&count, 1), {}, {});
        EXPECT_EQ(cost.charge, 0);
        EXPECT_EQ(cost.flags, Cost::kAbsurd);
    }
}

// Whatever a provider tells, no token is charged twice and none is lost.
TEST(Counts, token_dimensions_add_up_to_what_was_told) {
    std::mt19937_64 draw(7);
    const auto number = [&](std::uint64_t most) { return most == 0 ? 0 : draw() % most; };
    for (int i = 0; i < 20'000; ++i) {
        Usage usage;
        for (const auto count : kUsageCounts) {
            usage.*count = number(1ULL << number(41));
        }
        std::uint64_t prompt = 0;
        std::uint64_t completion = 0;
        const auto counts = counts_of(usage, true);
        for (const Count& count : counts.list()) {
            if (!is_token(count.dimension)) continue;
            (row(count.dimension).part == Part::output ? completion : prompt) += count.units;
        }
        ASSERT_EQ(prompt, usage.prompt);
        ASSERT_EQ(completion, usage.completion);
    }
}

TEST(Counts, parts_that_exceed_the_whole_are_cut_in_order) {
    const Usage usage{.prompt = 100,
                      .completion = 10,
                      .cached = 70,
                      .cache_creation = 20,
                      .reasoning = 30,
                      .audio_prompt = 50,
                      .audio_completion = 4,
                      .cache_creation_1h = 15,
                      .image_prompt = 5,
                      .searches = 2};
    const std::vector<Count> expected{{Dimension::cached_in, 70},   {Dimension::write_1h, 15},
                                      {Dimension::write_5m, 5},     {Dimension::audio_in, 10},
                                      {Dimension::audio_out, 4},    {Dimension::reasoning_out, 6},
                                      {Dimension::search_medium, 2}};
    const Counts counts = counts_of(usage, false);
    EXPECT_EQ(std::vector(counts.list().begin(), counts.list().end()), expected);
}

}  // namespace
}  // namespace patchbay::meter
