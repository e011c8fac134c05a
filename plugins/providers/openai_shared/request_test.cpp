#include "request.hpp"

#include <gtest/gtest.h>

#include "written_body.hpp"

namespace patchbay::openai {
namespace {

TEST(WriteBody, OnlyTheModelChanges) {
    EXPECT_EQ(write(openai(), "gpt-4o", R"( { "model" : "m" , "messages":[], "x": 1 } )").body,
              R"( { "model" : "gpt-4o" , "messages":[], "x": 1 } )");
}

TEST(WriteBody, ModelNamesAreEscaped) {
    EXPECT_EQ(write(openai(), "a\"b\n", R"({"model":"m"})").body, R"({"model":"a\"b\u000a"})");
}

TEST(WriteBody, MissingModelIsAdded) {
    EXPECT_EQ(write(openai(), "g", R"({"messages":[]})").body, R"({"messages":[],"model":"g"})");
}

TEST(WriteBody, UnsupportedParametersAreAllNamed) {
    const auto written = write(groq(), "m", R"({"model":"m","thinking":{},"verbosity":"low"})");
    ASSERT_TRUE(written.refusal);
    EXPECT_EQ(written.refusal->cls, BAY_ERR_UNSUPPORTED);
    EXPECT_EQ(written.refusal->param, "thinking");
    EXPECT_EQ(written.refusal->message.rfind(
                  "groq does not support parameters: ['thinking', 'verbosity'], for model=m. "
                  "To drop these, set `litellm.drop_params=True`",
                  0),
              0u);
}

TEST(WriteBody, FamiliesOfOpenAisModelsLackWhatTheyDoNotTake) {
    const struct {
        const char* model;
        const char* members;
        const char* refused;  ///< "" if it is sent as it is
        const char* sent;     ///< with drop_params
    } rows[] = {
        {"o1", R"("parallel_tool_calls":false)", "['parallel_tool_calls']", "{}"},
        {"o1", R"("parallel_tool_calls":true)", "['parallel_tool_calls']", "{}"},
        {"o1", R"("top_p":0.5,"temperature":0.5)", "['top_p']", "{}"},
        {"o1", R"("temperature":0.5)", "['temperature=0.5']", "{}"},
        {"gpt-5", R"("parallel_tool_calls":false)", "", R"({"parallel_tool_calls":false})"},
        {"o1", R"("logit_bias":{"5":1})", "", R"({"logit_bias":{"5":1}})"},
        {"gpt-5.1", R"("logit_bias":{"5":1})", "['logit_bias']", "{}"},
        {"gpt-5.1", R"("reasoning_effort":{"effort":"high","summary":"auto"})", "",
         R"({"reasoning_effort":"high"})"},
        {"gpt-5.1", R"("reasoning_effort":{"summary":"auto"})", "", "{}"},
    };
    for (const auto& row : rows) {
        const std::string json = R"({"model":"m",)" + std::string(row.members) + "}";
        SCOPED_TRACE(json);
        const auto strict = write(openai(), row.model, json);
        EXPECT_EQ(strict.refusal.has_value(), *row.refused != '\0');
        if (strict.refusal) {
            EXPECT_NE(strict.refusal->message.find(row.refused), std::string::npos);
        }
        auto body = boost::json::parse(write(openai(), row.model, json, BAY_REQ_DROP_PARAMS).body);
        body.as_object().erase("model");
        EXPECT_EQ(body, boost::json::parse(row.sent));
    }
}

TEST(WriteBody, HintsAreLeftOutAndNothingElse) {
    Request request(R"({"thinking":{},"model":"m","verbosity":"low"})", "m", 0);
    request.event.hint_params = bay::str("verbosity,user");
    bay::Splice body(request.event);
    bay::Dropped dropped;
    auto refusal = write_body(request.event, groq(), body, &dropped);
    ASSERT_TRUE(refusal);
    EXPECT_NE(refusal->message.find("['thinking']"), std::string::npos);
    request.event.hint_params = bay::str("verbosity,thinking");
    bay::Splice again(request.event);
    EXPECT_FALSE(write_body(request.event, groq(), again, &dropped));
    EXPECT_EQ(again.text(), R"({"model":"m"})");
    EXPECT_EQ(dropped.names(), (std::vector<std::string>{"thinking", "verbosity"}));
}

TEST(WriteBody, DropParamsLeavesThemOut) {
    EXPECT_EQ(
        write(groq(), "m", R"({"thinking":{},"model":"m","verbosity":"low"})", BAY_REQ_DROP_PARAMS)
            .body,
        R"({"model":"m"})");
}

TEST(WriteBody, AllowedParametersGoVerbatim) {
    EXPECT_EQ(write(groq(), "m", R"({"model":"m","thinking":{}})", 0, "verbosity, thinking").body,
              R"({"model":"m","thinking":{}})");
}

TEST(WriteBody, HarmlessUnsupportedParametersAreLeftOut) {
    Dialect dialect = groq();
    dialect.supported = {Param::tools};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","n":1,"user":"u","temperature":null})").body,
              R"({"model":"m"})");
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","n":2})").refusal);
    constexpr const char* kDefaults = R"({"model":"m","service_tier":"auto","stop":""})";
    EXPECT_TRUE(write(dialect, "m", kDefaults).refusal);
    // Clients of other APIs say them by themselves.
    Request request(kDefaults, "m", 0);
    request.event.hint_params = bay::str("user");
    bay::Splice body(request.event);
    EXPECT_FALSE(write_body(request.event, dialect, body, nullptr));
    EXPECT_EQ(body.text(), R"({"model":"m"})");
}

TEST(WriteBody, OfTwoNamesForTheSameTheNewerWins) {
    Dialect dialect = groq();
    dialect.renames = {{"max_completion_tokens", "max_tokens"}};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","max_completion_tokens":5})").body,
              R"({"model":"m","max_tokens":5})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","max_completion_tokens":5,"max_tokens":6})").body,
              R"({"model":"m","max_tokens":5})");
    dialect.renames = {{"seed", "random_seed"}};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","seed":5,"random_seed":6})").body,
              R"({"model":"m","random_seed":6})");
}

TEST(WriteBody, ReasoningModelsTakeMaxCompletionTokens) {
    EXPECT_EQ(write(openai(), "o3", R"({"model":"m","max_tokens":5})").body,
              R"({"model":"o3","max_completion_tokens":5})");
    EXPECT_EQ(write(openai(), "gpt-4o", R"({"model":"m","max_tokens":5})").body,
              R"({"model":"gpt-4o","max_tokens":5})");
}

TEST(WriteBody, AsksForUsageOfAStream) {
    constexpr auto kFlags = BAY_REQ_STREAM | BAY_REQ_WANT_USAGE;
    EXPECT_EQ(write(groq(), "m", R"({"model":"m","stream":true})", kFlags).body,
              R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})");
    EXPECT_EQ(write(groq(), "m",
                    R"({"model":"m","stream":true,"stream_options":{"include_usage":false,"x":1}})",
                    kFlags)
                  .body,
              R"({"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1}})");
    const std::string asked =
        R"({"model":"m","stream":true,"stream_options": {"include_usage": true}})";
    EXPECT_EQ(write(groq(), "m", asked, kFlags).body, asked);
    EXPECT_EQ(
        write(groq(), "m", R"({"model":"m","stream":true,"stream_options":null})", kFlags).body,
        R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})");
    Dialect without = groq();
    without.stream_options = false;
    EXPECT_EQ(
        write(without, "m",
              R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})", kFlags)
            .body,
        R"({"model":"m","stream":true})");
}

TEST(WriteBody, AStreamIsAskedForEvenIfTheBodyDoesNot) {
    EXPECT_EQ(write(groq(), "m", R"({"model":"m"})", BAY_REQ_STREAM).body,
              R"({"model":"m","stream":true})");
}

TEST(WriteBody, WhatOneModelIgnoresIsLeftOutAndNamed) {
    Dialect dialect = groq();
    dialect.models.push_back(
        {.match = {"kimi*"}, .unsupported = {Param::temperature}, .ignored = {Param::temperature}});
    const auto written = write(dialect, "kimi-k2.5", R"({"model":"m","temperature":0.2})");
    EXPECT_FALSE(written.refusal);
    EXPECT_EQ(written.body, R"({"model":"kimi-k2.5"})");
    EXPECT_EQ(written.dropped.names(), std::vector<std::string>{"temperature"});
}

TEST(WriteBody, ForeignHintsGoOnlyWhereTheyAreKnown) {
    const auto sent = [](const Dialect& dialect, bool hint) {
        Request request(R"({"model":"m","top_k":5})", "m", 0);
        if (hint) request.event.hint_params = bay::str("top_k");
        bay::Splice body(request.event);
        bay::Dropped dropped;
        EXPECT_FALSE(write_body(request.event, dialect, body, &dropped));
        const std::string text = body.text();
        EXPECT_EQ(dropped.names().empty(), text.find("top_k") != std::string::npos);
        return text;
    };
    EXPECT_EQ(sent(openai(), true), R"({"model":"m"})");
    EXPECT_EQ(sent(openai(), false), R"({"model":"m","top_k":5})") << "the client's own word";
    EXPECT_EQ(sent(groq(), true), R"({"model":"m","top_k":5})");
}

TEST(WriteBody, TheUserIsToldToNobodyWhoDoesNotAsk) {
    const auto written = write(groq(), "m", R"({"model":"m","user":"u"})");
    EXPECT_EQ(written.body, R"({"model":"m"})");
    EXPECT_EQ(written.dropped.names(), std::vector<std::string>{"user"});
    EXPECT_EQ(write(openai(), "m", R"({"model":"m","user":"u"})").body,
              R"({"model":"m","user":"u"})");
}

TEST(WriteBody, ExtraBodyIsPartOfTheBody) {
    EXPECT_EQ(write(groq(), "m",
                    R"({"model":"m","seed":1,"extra_body":{"seed":2,"a\"b":[1.50],"model":"x"}})")
                  .body,
              R"({"model":"m","seed":2,"a\"b":[1.5]})");
}

TEST(WriteBody, PartsOfAModelsName) {
    Dialect dialect = groq();
    dialect.models.push_back({.match = {"*"},
                              .except = {"https*"},
                              .separator = '.',
                              .model = "https://c/{1}/{2}/m/{3}"});
    EXPECT_EQ(write(dialect, "a.b.gpt-4.1", R"({"model":"m"})").body,
              R"({"model":"https://c/a/b/m/gpt-4.1"})");
    EXPECT_EQ(write(dialect, "a.b", R"({"model":"m"})").body, R"({"model":"a.b"})");
    EXPECT_EQ(write(dialect, "https://c.d.e", R"({"model":"m"})").body,
              R"({"model":"https://c.d.e"})");
}

TEST(WriteBody, ModelPrefixUnlessThere) {
    Dialect dialect = groq();
    dialect.model_prefix = "accounts/fireworks/models/";
    EXPECT_EQ(write(dialect, "llama", R"({"model":"m"})").body,
              R"({"model":"accounts/fireworks/models/llama"})");
    EXPECT_EQ(write(dialect, "accounts/me/models/x", R"({"model":"m"})").body,
              R"({"model":"accounts/me/models/x"})");
}

TEST(WriteBody, DefaultsDoNotOverride) {
    Dialect dialect = groq();
    dialect.defaults = {{"usage", R"({"include":true})"}};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m"})").body,
              R"({"model":"m","usage":{"include":true}})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","usage":1})").body, R"({"model":"m","usage":1})");
}

// The host drops what the client sent; here it is about what the plugin would add.
TEST(WriteBody, WhatIsDroppedIsNotAddedEither) {
    Dialect dialect = groq();
    dialect.defaults = {{"usage", R"({"include":true})"}, {"other", "1"}};
    const std::uint32_t flags = BAY_REQ_STREAM | BAY_REQ_WANT_USAGE;
    const auto body = [&](std::string_view params) {
        Request request(R"({"model":"m","stream":true})", "m", flags);
        request.target.params = bay::str(params);
        bay::Splice splice(request.event);
        bay::Dropped dropped;
        EXPECT_FALSE(write_body(request.event, dialect, splice, &dropped));
        return std::string(splice.text());
    };
    EXPECT_EQ(body(R"({"additional_drop_params":["usage","stream_options"]})"),
              R"({"model":"m","stream":true,"other":1})");
    for (const char* params : {"", "{}", R"({"additional_drop_params":"usage"})",
                               R"({"x":"\"additional_drop_params\""})"}) {
        EXPECT_EQ(body(params), R"({"model":"m","stream":true,"stream_options":{"include_usage":)"
                                R"(true},"usage":{"include":true},"other":1})")
            << params;
    }
}

}  // namespace
}  // namespace patchbay::openai
