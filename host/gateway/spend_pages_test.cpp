#include "gateway/spend_pages.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class SpendPagesTest : public testing::Test {
  protected:
    SpendPagesTest() {
        book = std::make_shared<const meter::PriceBook>("", "2026-11-27");
        shelf = std::make_shared<const meter::CardShelf>(book);
        auto made = std::make_unique<Deployment>();
        made->id = "d";
        made->group = "ours";
        made->pricing.shelf = shelf;
        made->pricing.provider = "openai";
        made->pricing.card = book->find("openai", "gpt-4o", "");
        made->pricing.terms.margin = 100'000;
        ModelGroup& group = snapshot.groups["ours"];
        group.name = "ours";
        group.deployments.push_back(made.get());
        snapshot.deployments.push_back(std::move(made));
    }
    static json::object answer(const Result<Page>& page) {
        return page ? json::parse(page->body).get_object()
                    : json::object{{"refused", page.error().message}};
    }
    std::shared_ptr<const meter::PriceBook> book;
    std::shared_ptr<const meter::CardShelf> shelf;
    Snapshot snapshot;
};

TEST_F(SpendPagesTest, an_estimate_is_for_one_request_a_day_and_a_month) {
    const json::object told = answer(estimate_cost(
        snapshot,
        R"({"model":"ours","input_tokens":1000,"output_tokens":100,"num_requests_per_day":10})"));
    EXPECT_EQ(told.at("cost_per_request"), json::value(0.00385));
    EXPECT_EQ(told.at("input_cost_per_request"), json::value(0.0025));
    EXPECT_EQ(told.at("output_cost_per_request"), json::value(0.001));
    EXPECT_EQ(told.at("margin_cost_per_request"), json::value(0.00035));
    EXPECT_EQ(told.at("daily_cost"), json::value(0.0385));
    EXPECT_TRUE(told.at("monthly_cost").is_null());
    EXPECT_EQ(told.at("input_cost_per_token"), json::value(2.5e-6));
    EXPECT_EQ(told.at("provider"), json::value("openai"));
}

TEST_F(SpendPagesTest, a_model_that_is_not_configured_has_the_price_of_the_table) {
    const auto cost = [&](std::string_view model) {
        const auto told =
            answer(estimate_cost(snapshot, R"({"input_tokens":10,"output_tokens":0,"model":")" +
                                               std::string(model) + "\"}"));
        return told.contains("refused") ? json::value(-1.0) : told.at("cost_per_request");
    };
    EXPECT_EQ(cost("gpt-4o-mini"), json::value(0.0000015));
    EXPECT_EQ(cost("openai/gpt-4o-mini"), json::value(0.0000015));
    EXPECT_EQ(cost("nobody/nothing"), json::value(-1.0));
}

TEST_F(SpendPagesTest, an_answer_that_was_given_is_charged_by_its_usage) {
    EXPECT_EQ(answer(calculate_spend(snapshot, R"({"completion_response":{"model":"gpt-4o-mini",
                  "usage":{"prompt_tokens":9,"completion_tokens":12}}})"))
                  .at("cost"),
              json::value(0.00000855));
    const auto before = answer(calculate_spend(
        snapshot, R"({"model":"gpt-4o-mini","messages":[{"role":"user","content":"12345678"}]})"));
    EXPECT_GT(before.at("cost").as_double(), 0);
}

TEST_F(SpendPagesTest, what_cannot_be_answered_says_why) {
    struct Row {
        std::string_view body, expected;
        bool estimate;
    };
    for (const Row& row : {
             Row{"nonsense", "not valid JSON", true},
             Row{"[]", "must be a JSON object", true},
             Row{R"({"input_tokens":1,"output_tokens":1})", "'model' must be a string", true},
             Row{R"({"model":"ours","output_tokens":1})", "'input_tokens' is missing", true},
             Row{R"({"model":"ours","input_tokens":-1,"output_tokens":1})", "whole number", true},
             Row{R"({"model":"ours","input_tokens":1.5,"output_tokens":1})", "whole number", true},
             Row{R"({"model":"x","input_tokens":1,"output_tokens":1})", "has no price", true},
             Row{"{}", "must be provided", false},
             Row{R"({"model":"ours"})", "'messages' must be a list", false},
             Row{R"({"completion_response":{"model":"ours"}})", "has no usage", false},
         }) {
        const auto told = answer(row.estimate ? estimate_cost(snapshot, row.body)
                                              : calculate_spend(snapshot, row.body));
        ASSERT_TRUE(told.contains("refused")) << row.body;
        EXPECT_THAT(std::string(told.at("refused").as_string()), HasSubstr(row.expected))
            << row.body;
    }
}

}  // namespace
}  // namespace patchbay::gateway
