// Amounts by hand: what the text says, in nano-dollars.
#include "engine/meter/told_cost.hpp"

#include <array>

#include <gtest/gtest.h>

namespace patchbay::meter {
namespace {

Amount charged(std::string_view usage, std::string_view member, const Terms& terms = {}) {
    const auto told = told_cost(usage, member);
    return told ? cost_as_told(*told, terms).charge : -1;
}

TEST(ToldCost, is_read_from_the_text_exactly) {
    struct Row {
        std::string_view text;
        Amount nano;
    };
    for (const Row& row : std::to_array<Row>({
             {"0.00014", 140'000},
             {"1.5e-05", 15'000},
             {"1.5E-5", 15'000},
             {"12e-3", 12'000'000},
             {"0", 0},
             {"0.0", 0},
             {"0e5", 0},
             {"1", kDollar},
             {"0.1", 100'000'000},
             {"0.00000000049", 0},
             {"0.0000000005", 0},
             {"0.0000000015", 2},
             {"0.0000000025", 2},
             {"0.00000000250000001", 3},
             {"0.0006000000000000001", 600'000},
             {"1e5", 100'000 * kDollar},
         })) {
        const std::string usage = R"({"cost":)" + std::string(row.text) + "}";
        EXPECT_EQ(charged(usage, "cost"), row.nano) << row.text;
        EXPECT_EQ(charged(R"({"cost":{"x":3,"total_cost": )" + std::string(row.text) + "}}",
                          "cost.total_cost"),
                  row.nano)
            << row.text;
    }
}

TEST(ToldCost, what_is_no_amount_is_not_told) {
    for (const std::string_view text : {"-0.1",
                                        "-1e-30",
                                        "NaN",
                                        "Infinity",
                                        "1e400",
                                        "1e999999999999",
                                        "100000.000000001",
                                        "1e30",
                                        "null",
                                        "true",
                                        "\"0.1\"",
                                        "\"\"",
                                        "[0.1]",
                                        "[]",
                                        "{}",
                                        "{\"total_cost\":null}",
                                        "0.1.2",
                                        "0x10",
                                        "+1",
                                        "",
                                        "1e",
                                        "99999999999999999999999999999999999999999999"}) {
        const std::string usage = R"({"prompt_tokens":3,"cost":)" + std::string(text) + "}";
        EXPECT_FALSE(told_cost(usage, "cost")) << text;
        EXPECT_FALSE(told_cost(usage, "cost.total_cost")) << text;
    }
    for (const std::string_view usage :
         {"", "null", "[]", "{", R"({"cost":1)", R"({"cost":1}x)", R"({"costs":1})"}) {
        EXPECT_FALSE(told_cost(usage, "cost")) << usage;
    }
}

TEST(ToldCost, the_last_of_a_name_counts_and_a_name_inside_another_object_does_not) {
    EXPECT_EQ(charged(R"({"cost":1,"cost":0.5})", "cost"), kDollar / 2);
    EXPECT_FALSE(told_cost(R"({"cost":1,"cost":null})", "cost"));
    EXPECT_FALSE(told_cost(R"({"total_cost":1,"cost":2})", "cost.total_cost"));
    EXPECT_FALSE(told_cost(R"({"cost_details":{"cost":2}})", "cost"));
}

TEST(ToldCost, discount_and_margin_come_on_top) {
    // 0.0100000009 $: 5 % off is 0.00950000085500, rounded once; 10 % on it, and 0.001 $.
    const Terms terms{.discount = 50'000, .margin = 100'000, .margin_fixed = 1'000'000};
    const auto told = told_cost(R"({"cost":0.0100000009})", "cost");
    ASSERT_TRUE(told);
    const Cost cost = cost_as_told(*told, terms);
    EXPECT_EQ(cost.original, 10'000'001);
    EXPECT_EQ(cost.cost, 9'500'001);
    EXPECT_EQ(cost.charge, 10'450'001 + 1'000'000);
    EXPECT_EQ(cost.margin_fixed, 1'000'000);
    EXPECT_EQ(cost.part(Part::output), cost.original);
    EXPECT_EQ(cost.part(Part::input), 0);
    EXPECT_EQ(cost.flags, 0);
    EXPECT_EQ(cost_as_told(0, terms), Cost{}) << "a bill of nothing has no margin";
}

}  // namespace
}  // namespace patchbay::meter
