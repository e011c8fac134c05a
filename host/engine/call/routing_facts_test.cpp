#include "engine/call/routing_facts.hpp"

#include <gtest/gtest.h>

#include "config/routing_group.hpp"
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
        add_size(*call, group, ask, keys);
        return ask;
    }
    RoutingSettings& settings() { return fixture.snapshot->config.router.routing; }

    test::EngineFixture fixture;
    const Caller caller;
    ModelGroup group;
    std::string body;
    std::unique_ptr<PrefixKeys> keys;
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

TEST_F(CallSizeTest, limits_of_tokens_in_and_out_get_them) {
    fixture.snapshot->token_limits = true;
    EXPECT_EQ(asked(R"("max_tokens":9)").prompt_tokens, 2u);
    EXPECT_EQ(asked(R"("max_tokens":9)").answer_tokens, 9);
    EXPECT_EQ(asked("", true).prompt_tokens, 0u) << "a health check";
}

TEST_F(CallSizeTest, checks_that_keep_calls_together_get_the_beginnings) {
    settings().affinity.key = true;
    EXPECT_FALSE(asked("").keys) << "a key is no beginning";
    settings().affinity.session = true;
    EXPECT_TRUE(asked("").keys);
    EXPECT_FALSE(asked("", true).keys) << "a health check";
}

TEST_F(CallSizeTest, affinity_gets_the_beginnings_too) {
    settings().strategy = Strategy::prefix_affinity;
    const RouteAsk ask = asked("");
    ASSERT_TRUE(ask.keys);
    EXPECT_EQ(ask.keys->blocks.size(), 1u);
    EXPECT_FALSE(asked("", true).keys) << "a health check";
}

TEST_F(CallSizeTest, the_strategy_of_the_calls_group_counts_and_of_others_where_it_may_fall_back) {
    RoutingGroup routing{"r", {{"other", {}}}, {}, {}, {}};
    routing.strategy.strategy = Strategy::prefix_affinity;
    fixture.snapshot->config.router.routing_groups =
        std::make_shared<const std::vector<RoutingGroup>>(std::vector{routing});
    EXPECT_FALSE(asked("").keys) << "it cannot come to the other group";
    EXPECT_EQ(asked("").prompt_tokens, 0u);
    auto tables = std::make_shared<GroupTables>();
    tables->own.strategy = routing.strategy;
    group.tables = tables;
    EXPECT_TRUE(asked("").keys);
    EXPECT_EQ(asked("").prompt_tokens, 2u);
    group.tables.reset();
    settings().fallbacks.general["m"] = {"other"};
    EXPECT_TRUE(asked("").keys);
}

TEST_F(CallSizeTest, a_group_that_keeps_its_sessions_gets_the_beginnings) {
    settings().group_affinity["other"].session = true;
    EXPECT_FALSE(asked("").keys);
    auto tables = std::make_shared<GroupTables>();
    tables->own.affinity.emplace().session = true;
    group.tables = tables;
    EXPECT_TRUE(asked("").keys);
    settings().affinity.session = true;
    tables->own.affinity->session = false;
    EXPECT_FALSE(asked("").keys) << "its own goes before that of all";
}

TEST_F(CallSizeTest, a_schema_is_looked_for_where_it_decides) {
    const std::string schema = R"("response_format":{"type":"json_schema","json_schema":{}})";
    EXPECT_FALSE(asked(schema).schema);
    settings().pre_call_checks = true;
    EXPECT_TRUE(asked(schema).schema);
    EXPECT_FALSE(asked(schema, true).schema) << "a health check";
    for (const char* other :
         {"", R"("response_format":{"type":"json_object"})", R"("response_format":null)",
          R"("text":{"format":{"type":"json_schema"}})"}) {
        EXPECT_FALSE(asked(other).schema) << other;
    }
    RouteAsk ask;
    body.clear();
    const std::string text =
        R"({"model":"m","input":"x","text":{"format":{"type":"json_schema"}}})";
    Call call(fixture.engine, kResponsesSurface, caller, "id");
    ASSERT_FALSE(kResponsesSurface.read({text, {}, {}, caller}, call.ask));
    add_size(call, group, ask, keys);
    EXPECT_TRUE(ask.schema);
}

TEST_F(CallSizeTest, a_picture_is_looked_for_where_somebody_sees_none) {
    const auto shows = [&](const std::string& parts) {
        const std::string text =
            R"({"model":"m","messages":[{"role":"user","content":)" + parts + "}]}";
        Call call(fixture.engine, kChatSurface, caller, "id");
        EXPECT_FALSE(kChatSurface.read({text, {}, {}, caller}, call.ask));
        RouteAsk ask;
        add_size(call, group, ask, keys);
        return ask.picture;
    };
    const std::string picture = R"([{"type":"image_url","image_url":{"url":"https://a.example"}}])";
    EXPECT_FALSE(shows(picture));
    fixture.snapshot->text_only = true;
    EXPECT_TRUE(shows(picture));
    EXPECT_TRUE(shows(R"([{"type":"image","source":{}}])"));
    EXPECT_FALSE(shows(R"("an \"image_url\" or an image/png")"));
    EXPECT_FALSE(shows(R"([{"type":"file","file":{"file_data":"data:application/pdf"}}])"));
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

TEST_F(CallSizeTest, other_apis_streams_may_be_asked_twice_where_nothing_acts_or_is_kept) {
    struct Row {
        const Surface& surface;
        const char* body;
        bool twice;
    };
    const Row rows[] = {
        {kCompletionsSurface, R"({"model":"m","prompt":"p","stream":true})", true},
        {kCompletionsSurface, R"({"model":"m","prompt":"p"})", false},
        {kResponsesSurface, R"({"model":"m","input":"i","stream":true,"store":false})", true},
        {kResponsesSurface, R"({"model":"m","input":"i","stream":true})", false},
        {kResponsesSurface,
         R"({"model":"m","input":"i","stream":true,"store":false,"background":true})", false},
        {kResponsesSurface,
         R"({"model":"m","input":"i","stream":true,"store":false,"background":false})", true},
        {kResponsesSurface,
         R"({"model":"m","input":"i","stream":true,"store":false,"tools":[{"type":"web_search"}]})",
         false},
        {kResponsesSurface,
         R"({"model":"m","input":"i","stream":true,"store":false,"tools":[{"type":"function"}]})",
         true},
        {kStreamGenerateSurface, R"({"contents":[]})", true},
        {kStreamGenerateSurface, R"({"contents":[],"tools":[{"functionDeclarations":[]}]})", true},
        {kStreamGenerateSurface, R"({"contents":[],"tools":[{"googleSearch":{}}]})", false},
        {kGenerateSurface, R"({"contents":[]})", false},
        {kConverseStreamSurface, R"({"messages":[]})", true},
        {kConverseStreamSurface, R"({"messages":[],"toolConfig":{"tools":[{"toolSpec":{}}]}})",
         true},
        {kConverseStreamSurface, R"({"messages":[],"toolConfig":{"tools":[{"systemTool":{}}]}})",
         false},
    };
    for (const Row& row : rows) {
        Call call(fixture.engine, row.surface, caller, "id");
        const auto refused = row.surface.read(
            {.body = row.body, .query = {}, .path_model = "m", .caller = caller}, call.ask);
        ASSERT_FALSE(refused) << row.body << ": " << refused->message;
        EXPECT_EQ(may_be_asked_twice(call), row.twice) << row.surface.route << " " << row.body;
    }
}

}  // namespace
}  // namespace patchbay
