#include "engine/call/usage_account.hpp"

#include <gtest/gtest.h>

#include "contract/shape/chat_answer.hpp"
#include "engine/meter/price_fields.hpp"

namespace patchbay {
namespace {

constexpr std::string_view kMessages = R"([{"role":"user","content":"12345678"}])";

class UsageAccountTest : public testing::Test {
  protected:
    void chunk(std::string_view json) { account.read_chunk(json, scan_chat_answer(json)); }
    void whole(std::string_view json) { account.read_whole(json, scan_chat_answer(json)); }
    void text(std::string_view said) {
        chunk(R"({"choices":[{"delta":{"content":")" + std::string(said) + R"("}}]})");
    }
    void begin() { account.begin(deployment, kChatShape, kMessages); }
    Usage sum() const {
        Usage all = account.last().usage;
        for (const auto& attempt : account.earlier()) {
            for (const auto count : kUsageCounts) all.*count += attempt.usage.*count;
        }
        return all;
    }
    bool estimated() const {
        bool any = account.last().estimated;
        for (const auto& attempt : account.earlier()) any |= attempt.estimated;
        return any;
    }

    Deployment deployment;
    UsageAccount account;
    Error broken;
};

TEST_F(UsageAccountTest, a_plugins_report_goes_before_what_the_answer_says) {
    begin();
    whole(R"({"usage":{"prompt_tokens":300,"completion_tokens":4}})");
    account.report({.prompt = 30, .completion = 40, .total = 70});
    whole(R"({"usage":{"prompt_tokens":300,"completion_tokens":4}})");
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.prompt = 30, .completion = 40, .total = 70}));
    EXPECT_FALSE(estimated());
}

TEST_F(UsageAccountTest, reports_in_parts_and_reports_that_grow_are_put_together) {
    begin();
    account.report({.prompt = 13, .completion = 1, .total = 14, .cached = 4});
    account.report({.completion = 7, .total = 7});
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.prompt = 13, .completion = 7, .total = 20, .cached = 4}));

    begin();
    chunk(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}})");
    chunk(R"({"choices":[],"usage":null})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":6}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}})");
    account.end(nullptr);
    EXPECT_EQ(account.last().usage, (Usage{.prompt = 3, .completion = 2, .total = 6}))
        << "a total of the provider's own stays";
}

TEST_F(UsageAccountTest, an_estimate_at_the_beginning_gives_way_to_the_count_at_the_end) {
    begin();
    chunk(R"({"choices":[],"usage":{"prompt_tokens":54,"completion_tokens":1}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":36,"completion_tokens":2}})");
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.prompt = 36, .completion = 2, .total = 38}));
}

TEST_F(UsageAccountTest, counts_of_a_message_hold_with_what_went_through_the_cache) {
    const auto event = [this](std::string_view json) {
        account.read_chunk(json, kMessageShape.scan({}, json));
    };
    account.begin(deployment, kMessageShape, kMessages);
    event(R"({"type":"message_start","message":{"usage":{"input_tokens":54,"output_tokens":1}}})");
    event(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},)"
          R"("usage":{"input_tokens":6,"cache_read_input_tokens":30,"output_tokens":4}})");
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.prompt = 36, .completion = 4, .total = 40, .cached = 30}));
}

TEST_F(UsageAccountTest, attempts_add_up_whatever_became_of_them) {
    begin();
    whole(R"({"usage":{"prompt_tokens":3,"completion_tokens":4}})");
    account.end(&broken);
    begin();
    whole(R"({"usage":{"prompt_tokens":3,"completion_tokens":5}})");
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.prompt = 6, .completion = 9, .total = 15}));
    ASSERT_EQ(account.earlier().size(), 1u);
    EXPECT_EQ(account.earlier()[0].exception, "APIConnectionError");
    EXPECT_EQ(account.last().exception, "");
}

TEST_F(UsageAccountTest, a_stream_that_is_left_costs_what_was_told_and_the_text_behind_it) {
    begin();
    text("not counted, the report covers it");
    account.report({.prompt = 13, .completion = 9, .total = 22});
    text("12345");
    account.leave();
    EXPECT_EQ(sum(), (Usage{.prompt = 13, .completion = 11, .total = 24}));
    EXPECT_TRUE(estimated());
    EXPECT_EQ(account.last().exception, "ClientDisconnect");
}

TEST_F(UsageAccountTest, an_event_with_text_and_usage_is_told_wholly) {
    begin();
    chunk(R"({"choices":[{"delta":{"content":"some text"}}],)"
          R"("usage":{"prompt_tokens":3,"completion_tokens":2}})");
    account.end(&broken);
    EXPECT_EQ(sum(), (Usage{.prompt = 3, .completion = 2, .total = 5}));
    EXPECT_FALSE(estimated());

    begin();
    account.report({.prompt = 3, .completion = 2, .total = 5});
    chunk(R"({"choices":[{"delta":{"content":"some text"}}],)"
          R"("usage":{"prompt_tokens":3,"completion_tokens":2}})");
    account.end(&broken);
    EXPECT_FALSE(estimated()) << "a plugin's report comes before its event";
}

TEST_F(UsageAccountTest, a_stream_that_told_nothing_is_estimated_with_its_prompt) {
    for (const Error* failed : {static_cast<const Error*>(nullptr), &std::as_const(broken)}) {
        UsageAccount fresh;
        std::swap(account, fresh);
        begin();
        text("1234");
        text("5");
        account.end(failed);
        EXPECT_EQ(sum(), (Usage{.prompt = 2, .completion = 2, .total = 4}));
        EXPECT_TRUE(estimated());
    }
}

TEST_F(UsageAccountTest, what_gave_no_text_is_not_estimated) {
    begin();
    chunk(R"({"choices":[{"delta":{"role":"assistant","content":""}}]})");
    account.end(&broken);
    begin();
    whole(R"({"choices":[{"message":{"content":"text"}}]})");
    account.end(nullptr);
    EXPECT_EQ(sum(), Usage{});
    EXPECT_FALSE(estimated());
}

TEST_F(UsageAccountTest, absurd_counts_are_not_told) {
    begin();
    whole(R"({"usage":{"prompt_tokens":-3,"completion_tokens":"four","total_tokens":1e400}})");
    whole(R"({"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":2}})");
    whole(
        R"({"usage":{"prompt_tokens":18446744073709551615,"total_tokens":18446744073709551615}})");
    account.report({.prompt = ~0ull, .completion = 5, .total = 4, .cached = ~0ull});
    account.end(nullptr);
    EXPECT_EQ(sum(), (Usage{.completion = 5, .total = 5}));
}

TEST_F(UsageAccountTest, an_end_counts_once) {
    begin();
    text("1234");
    account.end(nullptr);
    const Usage once = sum();
    account.leave();
    account.end(&broken);
    EXPECT_EQ(sum(), once);
    EXPECT_EQ(account.last().exception, "");
}

// 3 $ a million tokens in and 15 $ out; twice that in the tier "priority".
meter::Pricing priced() {
    meter::CardTerms terms;
    for (const auto& [field, value] :
         {std::pair("input_cost_per_token", "3e-6"), std::pair("output_cost_per_token", "15e-6"),
          std::pair("input_cost_per_token_priority", "6e-6"),
          std::pair("output_cost_per_token_priority", "30e-6")}) {
        EXPECT_EQ(meter::add_field(field, value, terms), meter::FieldUse::rate);
    }
    meter::Pricing pricing;
    pricing.card = meter::make_card(std::move(terms));
    return pricing;
}

TEST_F(UsageAccountTest, the_tier_that_served_decides_on_the_price_and_else_the_one_asked_for) {
    struct Row {
        ServiceTier asked;
        std::string_view told;
        meter::Amount expected;
    };
    deployment.pricing = priced();
    for (const Row& row :
         {Row{ServiceTier::untold, "", 45'000}, Row{ServiceTier::priority, "", 90'000},
          Row{ServiceTier::priority, R"("service_tier":"default",)", 45'000},
          Row{ServiceTier::priority, R"("service_tier":null,)", 90'000},
          Row{ServiceTier::untold, R"("service_tier":"priority",)", 90'000},
          Row{ServiceTier::flex, R"("service_tier":"auto",)", 45'000}}) {
        account = {};
        begin();
        account.priced_by(row.asked, "m");
        whole("{" + std::string(row.told) +
              R"("choices":[{}],"usage":{"prompt_tokens":10,"completion_tokens":1}})");
        account.end(nullptr);
        EXPECT_EQ(account.bill().charge, row.expected) << row.told;
        EXPECT_NE(account.last().price, 0u);
    }
}

TEST_F(UsageAccountTest, every_attempt_is_paid_for_and_a_plugins_report_keeps_the_answers_tier) {
    deployment.pricing = priced();
    begin();
    chunk(R"({"service_tier":"priority","choices":[]})");
    account.report({.prompt = 10, .total = 10});
    account.end(&broken);
    begin();
    account.report({.prompt = 1, .completion = 1, .total = 2});
    account.end(nullptr);
    EXPECT_EQ(account.bill().charge, 60'000 + 18'000);
    EXPECT_EQ(account.earlier().at(0).cost.charge, 60'000);
    EXPECT_EQ(account.last().cost.charge, 18'000);
}

TEST_F(UsageAccountTest, what_the_provider_tells_goes_before_the_price_where_its_row_says_so) {
    struct Row {
        bool believed;
        std::string_view cost;
        meter::Amount expected;
        bool by_card;
    };
    for (const Row& row : {Row{true, "0.00014", 140'000, false}, Row{true, "0", 0, false},
                           Row{true, "-1", 45'000, true}, Row{true, "1e9", 45'000, true},
                           Row{true, R"("0.1")", 45'000, true}, Row{true, "null", 45'000, true},
                           Row{false, "0.00014", 45'000, true}}) {
        deployment.pricing = priced();
        if (row.believed) deployment.pricing.told_cost = "cost";
        account = {};
        begin();
        whole(R"({"choices":[{}],"usage":{"prompt_tokens":10,"completion_tokens":1,"cost":)" +
              std::string(row.cost) + "}}");
        account.end(nullptr);
        EXPECT_EQ(account.bill().charge, row.expected) << row.cost;
        EXPECT_EQ(account.last().price != 0, row.by_card) << row.cost;
        EXPECT_EQ(account.last().usage.prompt, 10u);
    }
}

TEST_F(UsageAccountTest, what_is_told_is_the_attempts_own_and_the_last_of_a_stream) {
    deployment.pricing.told_cost = "cost";
    begin();
    whole(R"({"error":{},"usage":{"prompt_tokens":10,"completion_tokens":0,"cost":0.5}})");
    account.end(&broken);
    begin();
    chunk(R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":1,"cost":0.001}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"cost":0.002}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"cost":-3}})");
    EXPECT_EQ(account.cost_so_far().charge, 502'000'000);
    account.end(nullptr);
    EXPECT_EQ(account.bill().charge, 502'000'000);
    EXPECT_EQ(account.bill().flags, 0) << "priced, though no card is known";
    begin();
    account.report({.prompt = 10, .total = 10});
    account.end(nullptr);
    EXPECT_EQ(account.bill().flags, meter::Cost::kUnpriced);
    EXPECT_EQ(account.last().cost.charge, 0);
}

TEST_F(UsageAccountTest, one_of_many_models_is_told_by_its_own_name) {
    deployment.group = "openai/*";
    deployment.provider = "openai";
    deployment.model = "*";
    deployment.configured = "openai/*";
    begin();
    EXPECT_EQ(account.last().group_name(), "openai/*");
    EXPECT_EQ(account.last().model_name(), "openai/*");
    account.one_of_many("gpt-4o", "gpt-4o");
    EXPECT_EQ(account.last().group_name(), "gpt-4o");
    EXPECT_EQ(account.last().model_name(), "openai/gpt-4o");
    deployment.model = "gpt-4o-mini";
    deployment.configured = "openai/gpt-4o-mini";
    begin();
    account.one_of_many("house/any", "gpt-4o-mini");
    EXPECT_EQ(account.last().group_name(), "house/any");
    EXPECT_EQ(account.last().model_name(), "openai/gpt-4o-mini");
    EXPECT_EQ(account.earlier().back().model_name(), "openai/gpt-4o");
}

TEST_F(UsageAccountTest, what_has_no_price_is_said_and_a_model_known_by_its_answer_is_priced) {
    begin();
    account.report({.prompt = 10, .total = 10});
    account.end(nullptr);
    EXPECT_EQ(account.bill().flags, meter::Cost::kUnpriced);

    deployment.pricing.provider = "openai";
    deployment.pricing.shelf = std::make_shared<const meter::CardShelf>(
        std::make_shared<const meter::PriceBook>("", "2026-11-27"));
    account = {};
    begin();
    account.priced_by(ServiceTier::untold, "our-own-name");
    whole(
        R"({"model":"gpt-4o","choices":[{}],"usage":{"prompt_tokens":10,"completion_tokens":0}})");
    account.end(nullptr);
    EXPECT_EQ(account.bill().charge, 25'000);

    deployment.pricing = {};
    deployment.pricing.free = true;
    account = {};
    begin();
    account.report({.prompt = 10, .total = 10});
    account.end(nullptr);
    EXPECT_EQ(account.bill(), meter::Cost{});
}

TEST_F(UsageAccountTest, an_attempt_that_was_overtaken_owes_its_prompt_and_no_key_does) {
    begin();
    UsageAccount other;
    other.begin(deployment, kChatShape, kMessages);
    const std::string_view said = R"({"choices":[{"delta":{"content":"12345678"}}]})";
    other.read_chunk(said, scan_chat_answer(said));
    account.overtaken_by(other);
    ASSERT_EQ(account.earlier().size(), 1u);
    const UsageAccount::Attempt& lost = account.earlier().front();
    EXPECT_TRUE(lost.lost && lost.estimated);
    EXPECT_EQ(lost.usage.prompt, 2u);
    EXPECT_EQ(lost.status, UsageAccount::kClientClosedRequest);
    text("1234");
    account.end(&broken);
    EXPECT_EQ(account.last().usage.completion, 3u) << "what it said before and after";
    EXPECT_FALSE(other.last().deployment);
    other.leave();
    EXPECT_EQ(account.bill().charge, account.last().cost.charge);
}

TEST_F(UsageAccountTest, an_attempt_beside_is_added_lost_or_as_it_ended) {
    begin();
    UsageAccount other;
    account.add_lost(other);
    EXPECT_TRUE(account.earlier().empty()) << "it asked nobody";
    other.begin(deployment, kChatShape, kMessages);
    account.add_lost(other);
    EXPECT_TRUE(account.earlier().at(0).lost);
    other.begin(deployment, kChatShape, kMessages);
    broken.http_status = 500;
    other.end(&broken);
    account.add_lost(other);
    EXPECT_FALSE(account.earlier().at(1).lost);
    EXPECT_EQ(account.earlier().at(1).status, 500);
    text("1234");
    account.end(nullptr);
    EXPECT_EQ(account.last().usage.completion, 1u);
}

}  // namespace
}  // namespace patchbay
