#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using testing::ElementsAre;
using testing::HasSubstr;

PriceSettings prices(const std::string& yaml) {
    auto loaded = load("litellm_settings:\n" + yaml);
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
    return loaded.config ? loaded.config->litellm.prices : PriceSettings{};
}

TEST(PriceSettings, shares_are_millionths_and_amounts_nano_dollars) {
    const PriceSettings p = prices(
        "  cost_discount_config: {openai: 0.05, vertex_ai: 0.123457}\n"
        "  cost_margin_config: {openai: 0.1, global: {percentage: 0.08, fixed_amount: 0.0005},\n"
        "                       groq: {fixed_amount: 0.001}}\n"
        "  unpriced_models: refuse\n");
    EXPECT_EQ(p.discount_ppm.at("openai"), 50'000);
    EXPECT_EQ(p.discount_ppm.at("vertex_ai"), 123'457);
    EXPECT_EQ(p.margins.at("openai").percentage_ppm, 100'000);
    EXPECT_EQ(p.margins.at("global").percentage_ppm, 80'000);
    EXPECT_EQ(p.margins.at("global").fixed_nano, 500'000);
    EXPECT_EQ(p.margins.at("groq").percentage_ppm, 0);
    EXPECT_EQ(p.margins.at("groq").fixed_nano, 1'000'000);
    EXPECT_TRUE(p.refuse_unpriced);
    EXPECT_FALSE(prices("  unpriced_models: flag\n").refuse_unpriced);
}

TEST(PriceSettings, litellms_own_word_refuses_what_has_no_price) {
    const std::string block = "  block_requests_for_models_without_pricing: ";
    EXPECT_TRUE(prices(block + "true\n").refuse_unpriced);
    EXPECT_TRUE(prices(block + "true\n  unpriced_models: flag\n").refuse_unpriced);
    EXPECT_FALSE(prices(block + "false\n").refuse_unpriced);
    EXPECT_TRUE(prices(block + "false\n  unpriced_models: refuse\n").refuse_unpriced);
}

TEST(PriceSettings, what_is_no_share_is_told_with_its_place) {
    struct Row {
        std::string yaml, expected;
    };
    for (const Row& row : {
             Row{"  cost_discount_config: {openai: 5}\n", "is a share of the cost"},
             Row{"  cost_discount_config: {openai: -0.1}\n", "c.yaml:2:34: error"},
             Row{"  cost_discount_config: [openai]\n", "c.yaml:2:25: error"},
             Row{"  cost_margin_config: {openai: {percent: 1}}\n",
                 "`percentage` and `fixed_amount`"},
             Row{"  cost_margin_config: {openai: {fixed_amount: 1e9}}\n",
                 "at most 1,000,000 dollars"},
             Row{"  unpriced_models: maybe\n", "`flag` or `refuse`"},
         }) {
        EXPECT_THAT(problems_of("litellm_settings:\n" + row.yaml),
                    ElementsAre(HasSubstr(row.expected)))
            << row.yaml;
    }
}

}  // namespace
}  // namespace patchbay
