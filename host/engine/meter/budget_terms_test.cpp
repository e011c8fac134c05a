#include "engine/meter/budget_terms.hpp"

#include <gtest/gtest.h>

#include "patchbay/json_tree.hpp"

namespace patchbay::meter {
namespace {

ReadBudgets models(std::string_view text) {
    return read_model_budgets(json_tree::read(text).value);
}
ReadBudgets windows(std::string_view text) {
    return read_budget_windows(json_tree::read(text).value);
}

TEST(BudgetTerms, a_models_budget_has_litellms_names_and_their_others) {
    for (const char* text :
         {R"({"gpt-4o":{"budget_limit":1.5,"time_period":"1d","rpm_limit":5}})",
          R"({"gpt-4o":{"max_budget":1.5,"budget_duration":"1d","rpm_limit":5}})"}) {
        const auto read = models(text);
        ASSERT_TRUE(read) << read.error();
        ASSERT_EQ(read->size(), 1u);
        EXPECT_EQ(read->front().model, "gpt-4o");
        EXPECT_EQ(read->front().max, 1'500'000'000);
        EXPECT_EQ(read->front().duration.seconds, 86'400);
        EXPECT_EQ(read->front().rpm, 5);
        EXPECT_FALSE(read->front().tpm);
    }
    EXPECT_EQ(models(R"({"m":0.0000001})")->front().max, 100);
    EXPECT_TRUE(models("null")->empty());
    EXPECT_TRUE(models("{}")->empty());
}

TEST(BudgetTerms, what_is_wrong_has_its_place) {
    EXPECT_EQ(models("[]").error(), "expected an object of models");
    EXPECT_EQ(models(R"({"m":{"max_budget":"one"}})").error(),
              "m.max_budget: expected a number of dollars, 0 or more");
    EXPECT_EQ(models(R"({"m":{"max_budget":-1}})").error(),
              "m.max_budget: expected a number of dollars, 0 or more");
    EXPECT_EQ(models(R"({"m":{"max_budget":1,"time_period":"soon"}})").error(),
              "m.budget_duration: expected a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo");
    EXPECT_EQ(models(R"({"m":{"rpm_limit":1.5}})").error(),
              "m.rpm_limit: expected a whole number, 0 or more");
    EXPECT_EQ(models(R"({"m":"one"})").error(),
              "m: expected an object with `budget_limit` and `time_period`");
    EXPECT_EQ(windows("{}").error(), "expected a list of budgets");
    EXPECT_EQ(windows(R"([{"max_budget":1}])").error(),
              "0.budget_duration: expected a number and a unit: 30s, 30m, 24h, 30d, 1w, 1mo");
    EXPECT_EQ(
        windows(R"([{"max_budget":1,"budget_duration":"1d"},{"budget_duration":"1h"}])").error(),
        "1.max_budget: expected a number of dollars");
    EXPECT_EQ(windows(R"([1])").error(), "0: expected an object");
}

TEST(BudgetTerms, numbers_may_be_texts) {
    const auto read = models(R"({"m":{"budget_limit":"0.0000001","rpm_limit":"5"},"n":"2"})");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ((*read)[0].max, 100);
    EXPECT_EQ((*read)[0].rpm, 5);
    EXPECT_EQ((*read)[1].max, 2'000'000'000);
    for (const char* text : {R"({"m":""})", R"({"m":" 1"})", R"({"m":"1 "})", R"({"m":"-1"})",
                             R"({"m":"NaN"})", R"({"m":"inf"})", R"({"m":"1,5"})"}) {
        EXPECT_FALSE(models(text)) << text;
    }
}

TEST(BudgetTerms, a_rate_of_a_model_that_cannot_be_read_is_wrong_and_not_no_rate) {
    const auto wrong = [](const char* text) {
        return wrong_in_model_rates(json_tree::read(text).value);
    };
    for (const char* text : {"null", "{}", R"({"m":0,"n":"7","o":null,"p":3.0})"}) {
        EXPECT_EQ(wrong(text), "") << text;
    }
    for (const char* text : {R"({"a":1,"m":"x"})", R"({"m":-1})", R"({"m":1.5})", R"({"m":[1]})",
                             R"({"m":true})", R"({"m":{"rpm":1}})"}) {
        EXPECT_EQ(wrong(text), "m: expected a whole number, 0 or more") << text;
    }
    EXPECT_EQ(wrong("5"), "expected an object of models");
    EXPECT_EQ(wrong("123456789012345678901234567890"), "expected an object of models");
}

TEST(BudgetTerms, of_windows_of_one_length_the_smaller_budget_is_taken) {
    const auto read = windows(R"([{"max_budget":3,"budget_duration":"1h","reset_at":"x"},)"
                              R"({"max_budget":9,"budget_duration":"1d"},)"
                              R"({"max_budget":2,"budget_duration":"60m"}])");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 2u);
    EXPECT_EQ((*read)[0].max, 2'000'000'000);
    EXPECT_EQ((*read)[1].max, 9'000'000'000);
}

}  // namespace
}  // namespace patchbay::meter
