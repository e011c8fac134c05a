// Where the price of a deployment comes from.
#include "engine/world/deployment_prices.hpp"

#include <fstream>

#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::ElementsAre;
using testing::HasSubstr;

std::string price(const Deployment& deployment,
                  meter::Dimension dimension = meter::Dimension::text_in) {
    if (!deployment.pricing.card) return "none";
    const auto found = deployment.pricing.card->find(dimension, meter::Tier::standard, 1, false);
    return found ? std::string(meter::DecimalText(found->rate, meter::kAttoPlaces).view()) : "none";
}

TEST_F(SnapshotTest, a_deployments_price_is_its_own_or_its_base_models_or_that_of_its_model) {
    const auto snapshot = build(
        list({entry("table", "openai/gpt-4o", {"api_key: k"}),
              entry("own", "openai/gpt-4o", {"api_key: k", "input_cost_per_token: 1e-6"}),
              entry("own-info", "openai/gpt-4o", {"api_key: k"}) +
                  "    model_info: {input_cost_per_token: 0.000002}\n",
              entry("both", "openai/gpt-4o", {"api_key: k", "input_cost_per_token: 0.000003"}) +
                  "    model_info: {input_cost_per_token: 7}\n",
              entry("base", "openai/ours", {"api_key: k"}) +
                  "    model_info: {base_model: gpt-4o-mini}\n",
              entry("other", "openai/ours", {"api_key: k", "base_model: azure/o1"}),
              entry("nobody", "openai/ours", {"api_key: k"}),
              entry("openai/*", "openai/*", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(price(only(*snapshot, "table")), "0.0000025");
    EXPECT_EQ(price(only(*snapshot, "own")), "0.000001");
    EXPECT_EQ(price(only(*snapshot, "own"), meter::Dimension::text_out), "none")
        << "own = the whole";
    EXPECT_EQ(price(only(*snapshot, "own-info")), "0.000002");
    EXPECT_EQ(price(only(*snapshot, "both")), "0.000003");
    EXPECT_EQ(price(only(*snapshot, "base")), "0.00000015");
    EXPECT_EQ(price(only(*snapshot, "other")), "0.000015");
    EXPECT_EQ(price(only(*snapshot, "nobody")), "none");
    const Deployment& any = only(*snapshot, "openai/anything");
    EXPECT_FALSE(any.pricing.card);
    EXPECT_TRUE(any.pricing.card_for("gpt-4o", ""));
    EXPECT_FALSE(any.pricing.card_for("ours", ""));
    EXPECT_TRUE(any.pricing.card_for("ours", "gpt-4o"));
    EXPECT_DOUBLE_EQ(only(*snapshot, "table").price, 12.5e-6) << "for cost-based routing";
}

TEST_F(SnapshotTest, what_costs_nothing_has_prices_and_all_of_them_are_zero) {
    const std::string zero = "input_cost_per_token: 0", none = "output_cost_per_token: 0.0";
    const auto snapshot =
        build(list({entry("free", "openai/ours", {"api_key: k", zero, none}),
                    entry("any/*", "openai/*", {"api_key: k", zero, none}),
                    entry("half", "openai/ours", {"api_key: k", zero}),
                    entry("cached", "openai/ours",
                          {"api_key: k", zero, none, "cache_read_input_token_cost: 1e-9"}),
                    entry("table", "openai/gpt-4o", {"api_key: k"}),
                    entry("nobody", "openai/ours", {"api_key: k"}),
                    entry("mixed", "openai/ours", {"api_key: k", zero, none}),
                    entry("mixed", "openai/gpt-4o", {"api_key: k"}),
                    entry("margin", "keyless/b", {zero, none})},
                   "litellm_settings: {cost_margin_config: {keyless: {fixed_amount: 0.001}}}\n"));
    ASSERT_TRUE(snapshot);
    const auto free = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/chat/completions");
        return route && costs_nothing(*route);
    };
    EXPECT_TRUE(free("free"));
    EXPECT_TRUE(free("any/gpt-4o"));
    for (const char* model : {"half", "cached", "table", "nobody", "mixed", "margin"}) {
        EXPECT_FALSE(free(model)) << model;
    }
}

TEST_F(SnapshotTest, an_own_price_that_is_none_is_an_error_with_its_place) {
    EXPECT_FALSE(
        build(list({entry("a", "openai/a", {"api_key: k", "input_cost_per_token: cheap"})})));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("`input_cost_per_token` is no price")));
}

TEST_F(SnapshotTest, discounts_margins_and_places_are_the_deployments_terms) {
    const auto snapshot = build(
        list({entry("a", "openai/gpt-4o", {"api_key: k", "api_base: https://eu.api.openai.com/v1"}),
              entry("b", "keyless/b", {"data_residency: us"})},
             "litellm_settings:\n  cost_discount_config: {openai: 0.05}\n"
             "  cost_margin_config: {openai: 0.1, global: {fixed_amount: 0.001}}\n"));
    ASSERT_TRUE(snapshot);
    const auto bit = [](meter::Multiplier m) {
        return static_cast<std::uint8_t>(1u << static_cast<unsigned>(m));
    };
    EXPECT_EQ(only(*snapshot, "a").pricing.terms,
              (meter::Terms{50'000, 100'000, 0, bit(meter::Multiplier::eu)}));
    EXPECT_EQ(only(*snapshot, "b").pricing.terms,
              (meter::Terms{0, 0, 1'000'000, bit(meter::Multiplier::us)}));
}

TEST_F(SnapshotTest, an_operators_table_goes_before_the_programs_and_must_be_good) {
    const auto write = [&](std::string_view text) {
        directory_->write("prices.jsonl", std::string(text));
        return "litellm_settings: {price_table: " + (directory_->path() / "prices.jsonl").string() +
               "}\n";
    };
    const std::string one = entry("a", "openai/gpt-4o", {"api_key: k"});
    const auto snapshot = build(
        list({one}, write(R"({"model":"openai/gpt-4o","from":"2020-01-01","rates":{"text_in":"9"}})"
                          "\n")));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(price(only(*snapshot, "a")), "9");
    EXPECT_FALSE(build(list({one}, write("nonsense\n"))));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("line 1: this is no JSON object")));
    EXPECT_FALSE(build(list({one}, "litellm_settings: {price_table: /no/such/file}\n")));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("it cannot be read")));
}

}  // namespace
}  // namespace patchbay
