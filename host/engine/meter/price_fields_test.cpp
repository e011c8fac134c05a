#include "engine/meter/price_fields.hpp"

#include <gtest/gtest.h>

#include "engine/meter/price_row.hpp"

namespace patchbay::meter {
namespace {

TEST(PriceFields, a_name_of_litellms_is_a_rate_of_the_table) {
    struct Row {
        std::string_view field, value, expected;
    };
    for (const Row& row : {
             Row{"input_cost_per_token", "3e-06", R"("text_in":"0.000003")"},
             Row{"output_cost_per_token", "\"1.5e-05\"", R"("text_out":"0.000015")"},
             Row{"input_cost_per_token_priority", "1", R"("text_in@priority":"1")"},
             Row{"input_cost_per_token_above_200k_tokens", "1", R"("text_in>200000":"1")"},
             Row{"input_cost_per_token_above_200k_tokens_priority", "1",
                 R"("text_in>200000@priority":"1")"},
             Row{"input_cost_per_token_priority_above_200k_tokens", "1",
                 R"("text_in>200000@priority":"1")"},
             Row{"cache_creation_input_token_cost_above_1hr", "1", R"("write_1h":"1")"},
             Row{"cache_creation_input_token_cost_above_1hr_above_200k_tokens", "1",
                 R"("write_1h>200000":"1")"},
             Row{"cache_creation_input_token_cost_above_12hr_above_272k_tokens_flex", "1",
                 R"("write_12h>272000@flex":"1")"},
             Row{"input_cost_per_video_per_second_above_8s_interval", "1",
                 R"("ms_video_in_8s":"1")"},
             Row{"output_cost_per_second_1080p", "0", R"("ms_out_1080p":"0")"},
             Row{"output_cost_per_image_0.5K", "0.02", R"("images_out_half_k":"0.02")"},
             Row{"input_cost_per_token_cache_hit", "1", R"("cached_in":"1")"},
             Row{"search_context_cost_per_query",
                 R"({"search_context_size_low":0.01,"search_context_size_high":0.02})",
                 R"("search_low":"0.01","search_high":"0.02")"},
             Row{"tiered_pricing",
                 R"([{"range":[0,32000.0],"input_cost_per_token":1},
                     {"range":[32000,64000],"input_cost_per_token":2}])",
                 R"("text_in":"1","text_in>32000":"2")"},
             Row{"tiered_pricing",
                 R"([{"max_results_range":[0,25],"input_cost_per_query":1},
                     {"max_results_range":[26,100],"input_cost_per_query":2}])",
                 R"("queries":"1","queries>25":"2")"},
             Row{"guardrail_cost_per_unit", R"({"topicPolicyUnits":0.00015})",
                 R"("guard_topic":"0.00015")"},
         }) {
        CardTerms terms;
        EXPECT_EQ(add_field(row.field, row.value, terms), FieldUse::rate) << row.field;
        EXPECT_TRUE(is_price_field(row.field)) << row.field;
        finish_terms(terms);
        EXPECT_EQ(write_terms(terms), "\"rates\":{" + std::string(row.expected) + "}") << row.field;
    }
}

TEST(PriceFields, a_rate_has_the_field_that_means_it) {
    std::size_t named = 0;
    for (std::size_t d = 0; d < kDimensions.size(); ++d) {
        for (std::size_t t = 0; t < kTiers.size(); ++t) {
            for (const std::uint32_t above : {0U, 200'000U, 200'500U}) {
                const Rate rate{static_cast<Dimension>(d), static_cast<Tier>(t), above, 0, false};
                const std::string name = field_of_rate(rate);
                if (name.empty()) continue;
                CardTerms terms;
                ASSERT_EQ(add_field(name, "0", terms), FieldUse::rate) << name;
                EXPECT_EQ(terms.rates, std::vector<Rate>{rate}) << name;
                ++named;
            }
        }
    }
    EXPECT_GT(named, 500U);
    EXPECT_EQ(field_of_rate({Dimension::cached_in, Tier::flex, 272'000, 0, false}),
              "cache_read_input_token_cost_above_272k_tokens_flex");
    EXPECT_EQ(field_of_rate({Dimension::text_in, Tier::off_peak, 0, 0, false}), "");
    EXPECT_EQ(field_of_rate({Dimension::search_low, Tier::standard, 0, 0, false}), "");
}

TEST(PriceFields, what_is_no_price_is_told_apart) {
    struct Row {
        std::string_view field, value;
        FieldUse expected;
    };
    for (const Row& row : {
             Row{"mode", R"("chat")", FieldUse::no_price},
             Row{"supports_vision", "true", FieldUse::no_price},
             Row{"input_cost_per_token", "null", FieldUse::no_price},
             Row{"web_search_billing_unit", R"("per_query")", FieldUse::no_money},
             Row{"provider_specific_entry", R"({"realtime_ga_only":1})", FieldUse::no_money},
             Row{"provider_specific_entry", R"({"eu":1.1})", FieldUse::unknown},
             Row{"input_cost_per_smell", "1", FieldUse::unknown},
             Row{"input_cost_per_token_above_xk_tokens", "1", FieldUse::unknown},
             Row{"input_cost_per_token_flex_flex", "1", FieldUse::unknown},
             Row{"input_cost_per_token", "-1", FieldUse::refused},
             Row{"input_cost_per_token", R"("cheap")", FieldUse::refused},
             Row{"input_cost_per_token", "1e9", FieldUse::refused},
             Row{"input_cost_per_token", "true", FieldUse::refused},
             Row{"fedramp_uplift_multiplier", "0", FieldUse::refused},
             Row{"fedramp_uplift_multiplier", "11", FieldUse::refused},
             Row{"tiered_pricing", "{}", FieldUse::refused},
             Row{"tiered_pricing", R"([{"range":[0,1],"smell":1}])", FieldUse::unknown},
             Row{"off_peak_pricing", R"({"input_cost_per_token":1})", FieldUse::refused},
             Row{"off_peak_pricing", R"({"windows":[{"hours_utc":"25:00-01:00"}]})",
                 FieldUse::refused},
             Row{"off_peak_pricing", R"({"windows":[{"hours_utc":"01:00"}]})", FieldUse::refused},
             Row{"off_peak_pricing",
                 R"({"windows":[{"hours_utc":"01:00-02:00"}],"weekday_timezone":"Mars/Olympus"})",
                 FieldUse::refused},
         }) {
        CardTerms terms;
        EXPECT_EQ(add_field(row.field, row.value, terms), row.expected)
            << row.field << " " << row.value;
        EXPECT_EQ(terms, CardTerms{}) << row.field;
    }
    EXPECT_TRUE(looks_like_price("input_cost_per_smell"));
    EXPECT_FALSE(looks_like_price("max_smell"));
}

TEST(PriceFields, off_peak_hours_are_kept_with_their_rates) {
    CardTerms terms;
    ASSERT_EQ(
        add_field("off_peak_pricing",
                  R"({"input_cost_per_token":1e-6,"weekday_timezone":"Asia/Shanghai","windows":[
                            {"hours_utc":["16:30-00:30"],"weekdays":[1,"Sunday"]},{"hours_utc":"00:00-00:00"}]})",
                  terms),
        FieldUse::rate);
    const std::vector<Hours> expected{{0b1000001, 16 * 60 + 30, 30}, {0x7f, 0, 0}};
    EXPECT_EQ(terms.off_peak, expected);
    EXPECT_EQ(terms.calendar, 480);
    PriceRow row{"m", "2026-01-01", "test", terms};
    finish_terms(row.terms);
    std::string what;
    const auto again = read_row(write_row(row), what);
    ASSERT_TRUE(again) << what;
    EXPECT_EQ(again->terms, row.terms);
}

TEST(PriceFields, the_newer_name_of_a_price_goes_before_the_older) {
    for (const bool newer_first : {true, false}) {
        CardTerms terms;
        const std::string_view newer = "cache_read_input_token_cost";
        const std::string_view older = "input_cost_per_token_cache_hit";
        add_field(newer_first ? newer : older, newer_first ? "1" : "2", terms);
        add_field(newer_first ? older : newer, newer_first ? "2" : "1", terms);
        finish_terms(terms);
        EXPECT_EQ(write_terms(terms), R"("rates":{"cached_in":"1"})") << newer_first;
    }
}

}  // namespace
}  // namespace patchbay::meter
