#include "request.hpp"

#include <memory>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "test_support.hpp"

namespace patchbay::openai {
namespace {

struct Written {
    std::string body;
    std::optional<Refusal> refusal;
    bay::Dropped dropped;
};

Written write(const Dialect& dialect, const std::string& model, const std::string& json,
              std::uint32_t flags = 0, std::string_view allowed = {}) {
    Request request(json, model, flags);
    request.event.allowed_params = bay::str(allowed);
    bay::Splice body(request.event);
    Written written;
    written.refusal = write_body(request.event, dialect, body, &written.dropped);
    if (!written.refusal) {
        written.body = body.text();
        EXPECT_NO_THROW(boost::json::parse(written.body)) << written.body;
    }
    return written;
}

Dialect openai() {
    Dialect dialect;
    dialect.provider = "openai";
    dialect.openai_families = true;
    return dialect;
}

Dialect groq() {
    Dialect dialect;
    dialect.provider = "groq";
    return dialect;
}

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
        {"o1", R"("parallel_tool_calls":true)", "", "{}"},
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
}

TEST(WriteBody, OfTwoWaysToSayHowMuchToThinkOneIsEnough) {
    constexpr auto kBoth =
        R"({"model":"m","thinking":{"type":"enabled","budget_tokens":2048},"reasoning_effort":"low"})";
    Dialect dialect = groq();
    dialect.supported = {Param::reasoning_effort};
    EXPECT_EQ(write(dialect, "m", kBoth).body, R"({"model":"m","reasoning_effort":"low"})");
    dialect.supported = {Param::thinking};
    EXPECT_EQ(write(dialect, "m", kBoth).body,
              R"({"model":"m","thinking":{"type":"enabled","budget_tokens":2048}})");
    dialect.supported = {Param::tools};
    EXPECT_TRUE(write(dialect, "m", kBoth).refusal);
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","thinking":{"type":"disabled"}})").body,
              R"({"model":"m"})");
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","thinking":{"type":"adaptive"}})").refusal);
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

TEST(WriteBody, ReasoningModelsTakeTemperatureOneOnly) {
    EXPECT_FALSE(write(openai(), "o3", R"({"model":"m","temperature":1.0})").refusal);
    const auto refused = write(openai(), "gpt-5", R"({"model":"m","temperature":0.2})");
    ASSERT_TRUE(refused.refusal);
    EXPECT_NE(refused.refusal->message.find("'temperature=0.2'"), std::string::npos);
    EXPECT_EQ(
        write(openai(), "gpt-5", R"({"model":"m","temperature":0.2})", BAY_REQ_DROP_PARAMS).body,
        R"({"model":"gpt-5"})");
}

TEST(WriteBody, LaterGpt5ModelsSampleWhileTheyDoNotReason) {
    EXPECT_FALSE(write(openai(), "gpt-5.1", R"({"model":"m","temperature":0.2})").refusal);
    EXPECT_FALSE(
        write(openai(), "gpt-5.1", R"({"model":"m","top_p":0.2,"reasoning_effort":"none"})")
            .refusal);
    EXPECT_TRUE(
        write(openai(), "gpt-5.1", R"({"model":"m","temperature":0.2,"reasoning_effort":"high"})")
            .refusal);
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

TEST(WriteBody, TemperatureIsClamped) {
    Dialect dialect = groq();
    dialect.temperature_max = 1;
    dialect.temperature_min_with_n = 0.3;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":1.7})").body,
              R"({"model":"m","temperature":1})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":0.1,"n":2})").body,
              R"({"model":"m","temperature":0.3,"n":2})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":0.10})").body,
              R"({"model":"m","temperature":0.10})");
}

TEST(WriteBody, ToolChoiceValues) {
    Dialect dialect = groq();
    dialect.tool_choice = {ChoiceAction::any, ChoiceAction::unsupported};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","tool_choice":"required"})").body,
              R"({"model":"m","tool_choice":"any"})");
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","tool_choice":{"type":"function"}})").refusal);
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","tool_choice":{"type":"function"}})",
                    BAY_REQ_DROP_PARAMS)
                  .body,
              R"({"model":"m"})");
}

TEST(WriteBody, RequiredToolChoiceAsAMessage) {
    Dialect dialect = groq();
    dialect.tool_choice.required = ChoiceAction::as_message;
    const auto body = boost::json::parse(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"user","content":"hi"}],"tool_choice":"required"})")
            .body);
    EXPECT_FALSE(body.as_object().contains("tool_choice"));
    EXPECT_EQ(body.at("messages").as_array().size(), 2u);
}

TEST(WriteBody, ContentListsBecomeStrings) {
    Dialect dialect = groq();
    dialect.messages.text_parts_to_string = true;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":"ab"}]})");
    const std::string image =
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]})";
    EXPECT_EQ(write(dialect, "m", image).body, image);
}

TEST(WriteBody, CacheControlMarksAreRemoved) {
    EXPECT_EQ(
        write(
            groq(), "m",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}],"tools":[{"type":"function","function":{"name":"f"},"cache_control":{}}]})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"tools":[{"type":"function","function":{"name":"f"}}]})");
    Dialect keeps = groq();
    keeps.messages.keep_cache_control = true;
    const std::string marked =
        R"({"model":"m","messages":[{"role":"user","content":"a","cache_control":{}}]})";
    EXPECT_EQ(write(keeps, "m", marked).body, marked);
}

TEST(WriteBody, MarksAreFoundWhateverStandsBeforeThem) {
    for (const std::string_view before : {"", "_", "a_b", R"(\"cache_contro_l)", "_________"}) {
        for (const std::size_t times : {1u, 3u, 1000u}) {
            SCOPED_TRACE(std::string(before) + " x " + std::to_string(times));
            std::string text;
            for (std::size_t i = 0; i < times; ++i) text += before;
            const std::string head =
                R"({"model":"m","messages":[{"role":"user","content":")" + text + R"("})";
            EXPECT_EQ(write(groq(), "m", head + R"(,{"role":"user","cache_control":{}}]})").body,
                      head + R"(,{"role":"user"}]})");
            EXPECT_EQ(write(groq(), "m", head + "]}").body, head + "]}");
        }
    }
}

TEST(WriteBody, ErrorsOfToolsAreTextOnly) {
    EXPECT_EQ(
        write(
            openai(), "m",
            R"({"model":"m","messages":[{"role":"tool","tool_call_id":"a","is_error":true,"content":"Error: no"}]})")
            .body,
        R"({"model":"m","messages":[{"role":"tool","tool_call_id":"a","content":"Error: no"}]})");
}

TEST(WriteBody, SchemaKeywordsAreRemovedButNotArguments) {
    Dialect dialect = groq();
    dialect.tool_schema_drop = {"strict", "additionalProperties"};
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","additionalProperties":false,"properties":{"strict":{"type":"string"}}}}}]})")
            .body,
        R"({"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"strict":{"type":"string"}}}}}]})");
}

TEST(WriteBody, ResponseFormats) {
    Dialect dialect = groq();
    dialect.response_format = FormatRule::drop_text;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","response_format":{"type":"text"}})").body,
              R"({"model":"m"})");
    dialect.response_format = FormatRule::schema_in_json_object;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}})")
            .body,
        R"({"model":"m","response_format":{"type":"json_object","schema":{"type":"object"}}})");
    dialect.response_format = FormatRule::only_json_schema;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","response_format":{"type":"json_object"}})").body,
              R"({"model":"m"})");
    dialect.response_format = FormatRule::schema_in_message;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","enum":["a\",:"]}}}})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":"Use this JSON schema: \n    ```json\n    {\"type\": \"object\", \"enum\": [\"a\\\",:\"]}\n    ```"}],"response_format":{"type":"json_object"}})");
}

TEST(WriteBody, ThinkingBecomesEffort) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking, Param::reasoning_effort});
    dialect.thinking = ThinkingRule::effort;
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled","budget_tokens":3000}})")
            .body,
        R"({"model":"m","reasoning_effort":"medium"})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","thinking":{"type":"disabled"}})").body,
              R"({"model":"m"})");
}

TEST(WriteBody, EffortSwitchesThinkingOn) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking, Param::reasoning_effort});
    dialect.thinking = ThinkingRule::switch_only;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","reasoning_effort":"high"})").body,
              R"({"model":"m","thinking":{"type":"enabled"}})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","reasoning_effort":"none"})").body,
              R"({"model":"m"})");
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled","budget_tokens":9}})")
            .body,
        R"({"model":"m","thinking":{"type":"enabled"}})");
}

TEST(WriteBody, ThinkingInTheWordsOfAProvider) {
    const struct {
        ThinkingRule rule;
        const char* members;
        const char* sent;
    } rows[] = {
        {ThinkingRule::off_switch, R"("reasoning_effort":"low")",
         R"({"reasoning_effort":"low","thinking":{"type":"enabled"}})"},
        {ThinkingRule::off_switch, R"("reasoning_effort":"none")",
         R"({"thinking":{"type":"disabled"}})"},
        {ThinkingRule::off_switch, R"("thinking":{"type":"enabled","budget_tokens":5})",
         R"({"thinking":{"type":"enabled"}})"},
        {ThinkingRule::budget, R"("reasoning_effort":"high")",
         R"({"thinking":{"type":"enabled","budget_tokens":4096},"max_tokens":8192})"},
        {ThinkingRule::budget, R"("reasoning_effort":"low","max_tokens":9000)",
         R"({"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":1024}})"},
        {ThinkingRule::budget, R"("reasoning_effort":"none")", "{}"},
        {ThinkingRule::budget, R"("thinking":{"type":"enabled","budget_tokens":2048})",
         R"({"thinking":{"type":"enabled","budget_tokens":2048},"max_tokens":6144})"},
    };
    for (const auto& row : rows) {
        Dialect dialect = groq();
        dialect.supported.add({Param::thinking, Param::reasoning_effort});
        dialect.models.push_back({.match = {"m*"}, .thinking = row.rule});
        auto body = boost::json::parse(
            write(dialect, "m1", std::string("{\"model\":\"m\",") + row.members + "}").body);
        body.as_object().erase("model");
        EXPECT_EQ(body, boost::json::parse(row.sent)) << row.members;
    }
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

TEST(WriteBody, RolesAndNamesOfMessages) {
    Dialect dialect = groq();
    dialect.messages.named_roles = std::vector<std::string>{"user"};
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"developer","content":"a","name":"n"},{"role":"user","content":"b","name":"n"},{"role":"tool","content":"c","name":"n"}]})")
            .body,
        R"({"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"b","name":"n"},{"role":"tool","content":"c"}]})");
}

TEST(WriteBody, CallsOfAModelThatThinksHaveAThought) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking});
    dialect.messages.thoughts_with_calls = true;
    const std::string messages =
        R"("messages":[{"role":"assistant","tool_calls":[{"id":"1"}]},{"role":"assistant","content":"x"}])";
    const std::string with =
        R"("messages":[{"role":"assistant","tool_calls":[{"id":"1"}],"reasoning_content":" "},{"role":"assistant","content":"x"}])";
    EXPECT_EQ(write(dialect, "m", "{\"model\":\"m\"," + messages + "}").body,
              "{\"model\":\"m\"," + messages + "}");
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled"},)" + messages + "}").body,
        R"({"model":"m","thinking":{"type":"enabled"},)" + with + "}");
    dialect.models.push_back({.match = {"m"}, .thinks = true});
    EXPECT_EQ(write(dialect, "m", "{\"model\":\"m\"," + messages + "}").body,
              "{\"model\":\"m\"," + with + "}");
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
