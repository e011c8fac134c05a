#include "engine/call/routing_facts.hpp"

#include <gtest/gtest.h>

#include "engine/call/test_support.hpp"

namespace patchbay {
namespace {

class CallSizeTest : public testing::Test {
  protected:
    std::unique_ptr<Call> of(const std::string& more, const Surface& surface = kChatSurface) {
        body = R"({"model":"m","messages":[{"role":"user","content":"12345678"}])" +
               (more.empty() ? "" : "," + more) + "}";
        auto call = std::make_unique<Call>(fixture.engine, surface, caller, "id");
        const auto refused = surface.read({body, {}, {}, caller}, call->ask);
        EXPECT_FALSE(refused) << (refused ? refused->message : "");
        return call;
    }
    RouteAsk asked(const std::string& more, bool check = false) {
        const auto call = of(more);
        RouteAsk ask;
        ask.check = check;
        keys.reset();
        add_size(*call, ask, keys);
        return ask;
    }
    RoutingSettings& settings() { return fixture.snapshot->config.router.routing; }

    test::EngineFixture fixture;
    const Caller caller;
    std::string body;
    std::optional<PrefixKeys> keys;
};

TEST_F(CallSizeTest, nothing_is_worked_out_that_nobody_asks_for) {
    const RouteAsk ask = asked(R"("stream":true,"max_tokens":9)");
    EXPECT_EQ(ask.prompt_tokens, 0u);
    EXPECT_EQ(ask.answer_tokens, 0);
    EXPECT_FALSE(ask.hedge || ask.keys);
}

TEST_F(CallSizeTest, a_strategy_that_counts_tokens_gets_them) {
    settings().strategy = Strategy::p2c_ewma;
    EXPECT_EQ(asked(R"("max_tokens":9)").prompt_tokens, 2u);
    EXPECT_EQ(asked(R"("max_tokens":9)").answer_tokens, 9);
    EXPECT_EQ(asked(R"("max_completion_tokens":7,"max_tokens":9)").answer_tokens, 7);
    EXPECT_EQ(asked(R"("max_tokens":null)").answer_tokens, 0);
    EXPECT_FALSE(asked("").keys);
    EXPECT_EQ(asked("", true).prompt_tokens, 0u) << "a health check";
}

TEST_F(CallSizeTest, affinity_gets_the_beginnings_too) {
    settings().strategy = Strategy::prefix_affinity;
    const RouteAsk ask = asked("");
    ASSERT_TRUE(ask.keys);
    EXPECT_EQ(ask.keys->blocks.size(), 1u);
    EXPECT_FALSE(asked("", true).keys) << "a health check";
}

TEST_F(CallSizeTest, only_where_some_group_hedges) {
    settings().own_groups["g"].hedge = HedgeSettings{0.02};
    EXPECT_TRUE(asked(R"("stream":true)").hedge);
    EXPECT_EQ(asked(R"("stream":true)").prompt_tokens, 2u);
    EXPECT_FALSE(asked("").hedge) << "no stream";
    EXPECT_FALSE(asked(R"("stream":true)", true).hedge) << "a health check";
}

TEST_F(CallSizeTest, what_acts_or_is_kept_is_not_asked_twice) {
    const std::string stream = R"("stream":true)";
    for (const char* fine : {"", R"(,"tools":null)", R"(,"tools":[])",
                             R"(,"tools":[{"type":"function","function":{}}])", R"(,"store":false)",
                             R"(,"web_search_options":null)"}) {
        EXPECT_TRUE(may_be_asked_twice(*of(stream + fine))) << fine;
    }
    for (const char* acting :
         {R"(,"web_search_options":{})", R"(,"tools":[{"type":"web_search"}])", R"(,"store":true)",
          R"(,"tools":[{"type":"function"},{"type":"mcp"}])", R"(,"tools":{})", R"(,"tools":[1])",
          R"(,"mcp_servers":[{}])", R"(,"container":"c")"}) {
        EXPECT_FALSE(may_be_asked_twice(*of(stream + acting))) << acting;
    }
    const std::string messages = R"("stream":true,"max_tokens":9)";
    EXPECT_TRUE(
        may_be_asked_twice(*of(messages + R"(,"tools":[{"name":"mine"}])", kMessagesSurface)));
    EXPECT_FALSE(may_be_asked_twice(
        *of(messages + R"(,"tools":[{"type":"bash_20250124","name":"bash"}])", kMessagesSurface)));
}

}  // namespace
}  // namespace patchbay
