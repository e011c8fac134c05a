// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::bedrock {
namespace {

constexpr std::string_view kClaude = "anthropic.claude-sonnet-4-5-20250929-v1:0";

Result<Call> call(std::string_view members, std::string_view name = kClaude, bool drop = false) {
    const auto model = model_of(name, {});
    RequestOptions options;
    options.model = &*model;
    options.asked = name;
    options.drop_params = drop;
    std::string client(R"({"model":"m")");
    if (members.find("\"messages\"") == std::string_view::npos) {
        client += R"(,"messages":[{"role":"user","content":"hi"}])";
    }
    return translate_request(client.append(members).append("}"), options);
}

/// What is sent; a JSON string with the failure's text if it fails.
json::value sent(std::string_view members, std::string_view name = kClaude, bool drop = false) {
    const auto made = call(members, name, drop);
    return made ? json::parse(made->body) : json::value(made.error().message);
}

json::value messages(std::string_view text, std::string_view name = kClaude) {
    auto body = sent(R"(,"messages":)" + std::string(text), name);
    return body.is_object() ? body.at("messages") : body;
}

#define EXPECT_JSON(actual, expected) EXPECT_EQ(actual, boost::json::parse(expected))

TEST(BedrockRequest, TheSameRequestGivesTheSameBytes) {
    constexpr std::string_view kMembers =
        R"(,"tools":[{"type":"function","function":{"name":"a.b"}}],"my":1,"stop":"x")";
    EXPECT_EQ(call(kMembers)->body, call(kMembers)->body);
}

TEST(BedrockRequest, ResultsStandFirstInOneTurnInTheirOrder) {
    EXPECT_JSON(messages(
                    R"([{"role":"user","content":"?"},{"role":"assistant","tool_calls":[
                {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1.50}"}},
                {"id":"b","type":"function","function":{"name":"g","arguments":"no json"}}]},
               {"role":"tool","tool_call_id":"b","content":""},{"role":"tool","tool_call_id":"a","content":"18"},
               {"role":"user","content":"Well?"}])"),
                R"([{"role":"user","content":[{"text":"?"}]},
            {"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{"x":1.5}}},
                {"toolUse":{"toolUseId":"b","name":"g","input":{"arguments":"no json"}}}]},
            {"role":"user","content":[{"toolResult":{"toolUseId":"b","content":[{"text":" "}]}},
                {"toolResult":{"toolUseId":"a","content":[{"text":"18"}]}},{"text":"Well?"}]}])");
}

TEST(BedrockRequest, ALongIdIsTheSameOnCallAndResult) {
    const std::string id(80, 'x');
    const auto turns = messages(
        R"([{"role":"user","content":"?"},{"role":"assistant","tool_calls":[{"id":")" + id +
        R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":")" +
        id + R"(","content":"18"}])");
    const auto& given = turns.at(1).at("content").at(0).at("toolUse").at("toolUseId").as_string();
    EXPECT_LE(given.size(), 64u);
    EXPECT_EQ(turns.at(2).at("content").at(0).at("toolResult").at("toolUseId"), json::value(given));
}

TEST(BedrockRequest, ASummaryOfAnthropicsIsNotTold) {
    EXPECT_JSON(messages(R"([{"role":"user","content":"?"},{"role":"assistant","content":"a",
            "provider_specific_fields":{"compaction_blocks":[{"type":"compaction","content":"s"}]}},
            {"role":"user","content":"b"}])")
                    .at(1),
                R"({"role":"assistant","content":[{"text":"a"}]})");
}

TEST(BedrockRequest, AnErrorIsAStatusOrWords) {
    constexpr std::string_view kTurns =
        R"([{"role":"user","content":"?"},{"role":"assistant","tool_calls":[{"id":"a","type":"function",
            "function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"no","is_error":true}])";
    EXPECT_JSON(messages(kTurns).at(2).at("content").at(0).at("toolResult"),
                R"({"toolUseId":"a","status":"error","content":[{"text":"no"}]})");
    EXPECT_JSON(messages(kTurns, "meta.llama3-3-70b-instruct-v1:0")
                    .at(2)
                    .at("content")
                    .at(0)
                    .at("toolResult"),
                R"({"toolUseId":"a","content":[{"text":"Error: no"}]})");
}

TEST(BedrockRequest, WhatAFamilyHasNotIsRefusedOrDropped) {
    const struct {
        const char* members;
        const char* name;
        const char* param;
    } cases[] = {
        {R"(,"seed":1)", kClaude.data(), "seed"},
        {R"(,"n":2)", kClaude.data(), "n"},
        {R"(,"temperature":1.5)", "meta.llama3", "temperature"},
        {R"(,"top_k":3)", "meta.llama3", "top_k"},
        {R"(,"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required")",
         "meta.llama3", "tool_choice"},
        {R"(,"tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false)",
         "amazon.nova-pro", "parallel_tool_calls"},
        {R"(,"tools":[{"type":"function","function":{"name":"f"}}])", "deepseek.r1-v1:0", "tools"},
        {R"(,"reasoning_effort":"low")", "amazon.nova-pro", "reasoning_effort"},
        {R"(,"reasoning_effort":"max")", "openai.gpt-oss-20b", "reasoning_effort"},
        {R"(,"thinking":{"type":"enabled","budget_tokens":2000})", "mistral.m", "thinking"},
        {R"(,"web_search_options":{})", kClaude.data(), "web_search_options"},
        {R"(,"service_tier":"scale")", kClaude.data(), "service_tier"},
    };
    for (const auto& [members, name, param] : cases) {
        const auto refused = call(members, name);
        ASSERT_FALSE(refused) << members;
        EXPECT_EQ(refused.error().cls, BAY_ERR_UNSUPPORTED) << members;
        EXPECT_EQ(refused.error().param, param);
        EXPECT_THAT(refused.error().message, testing::HasSubstr("bedrock does not support"));
        const auto dropped = call(members, name, true);
        ASSERT_TRUE(dropped) << members << dropped.error().message;
        EXPECT_THAT(dropped->dropped.names(), testing::Contains(param)) << members;
    }
}

TEST(BedrockRequest, WhatClaudeRefusesOnlyBesideOthersIsSentOrDropped) {
    constexpr const char* kBoth = R"(,"temperature":0.5,"top_p":0.5)";
    const auto sent = call(kBoth, kClaude.data());
    ASSERT_TRUE(sent);
    EXPECT_TRUE(sent->dropped.names().empty());
    const auto dropped = call(kBoth, kClaude.data(), true);
    ASSERT_TRUE(dropped);
    EXPECT_THAT(dropped->dropped.names(), testing::Contains("top_p"));
}

TEST(BedrockRequest, WhatSaysNothingIsNoReasonToFail) {
    for (const char* members :
         {R"(,"n":1)", R"(,"tool_choice":"none")", R"(,"parallel_tool_calls":false)",
          R"(,"tools":[])", R"(,"service_tier":"auto")", R"(,"seed":null)",
          R"(,"reasoning_effort":"none")", R"(,"thinking":{"type":"disabled"})",
          R"(,"user":"u","metadata":{"a":1})"}) {
        const auto made = call(members, "meta.llama3");
        ASSERT_TRUE(made) << members;
        EXPECT_TRUE(made->dropped.names().empty()) << members;
        EXPECT_JSON(
            json::parse(made->body),
            R"({"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{}})")
            << members;
    }
}

TEST(BedrockRequest, WhatIsUsualIsRefusedAsLiteLlmRefusesIt) {
    for (const char* members : {R"(,"presence_penalty":0)", R"(,"store":false)",
                                R"(,"logprobs":false)", R"(,"modalities":["text"])"}) {
        EXPECT_FALSE(call(members, "meta.llama3")) << members;
    }
}

TEST(BedrockRequest, ParametersOfTheModelsOwnGoBeside) {
    EXPECT_JSON(sent(R"(,"my":1,"extra_body":{"knob":2},"additionalModelRequestFields":{"x":3})")
                    .at("additionalModelRequestFields"),
                R"({"my":1,"knob":2,"x":3})");
    EXPECT_JSON(sent(R"(,"top_k":7)", "us.amazon.nova-pro-v1:0").at("additionalModelRequestFields"),
                R"({"inferenceConfig":{"topK":7}})");
}

TEST(BedrockRequest, AMarkOfTheWholeRequestIsBehindItsLastBlock) {
    EXPECT_JSON(sent(R"(,"cache_control":{"type":"ephemeral"})").at("messages"),
                R"([{"role":"user","content":[{"text":"hi"},{"cachePoint":{"type":"default"}}]}])");
}

TEST(BedrockRequest, FeaturesThatWereNamedBesideTheBodyStandInIt) {
    const auto fields = [](std::string_view members, std::string_view name) {
        const auto model = model_of(name, {});
        RequestOptions options;
        options.model = &*model;
        options.asked = name;
        options.betas.add("context-1m-2025-08-07");
        std::string client(R"({"model":"m","messages":[{"role":"user","content":"hi"}])");
        const auto made = translate_request(client.append(members).append("}"), options);
        const auto body = json::parse(made->body);
        const auto* more = body.as_object().if_contains("additionalModelRequestFields");
        return more ? *more : json::value();
    };
    EXPECT_JSON(fields("", kClaude), R"({"anthropic_beta":["context-1m-2025-08-07"]})");
    EXPECT_JSON(fields(R"(,"anthropic_beta":["a","context-1m-2025-08-07"])", kClaude),
                R"({"anthropic_beta":["a","context-1m-2025-08-07"]})");
    EXPECT_EQ(fields("", "amazon.nova-pro-v1:0"), json::value());
}

TEST(BedrockRequest, ADocumentHasWordsBesideIt) {
    constexpr std::string_view kFile =
        R"({"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}})";
    const auto turn = [&](std::string_view more) {
        return messages(R"([{"role":"user","content":[)" + std::string(kFile) + std::string(more) +
                        "]}]");
    };
    EXPECT_JSON(turn(""),
                R"([{"role":"user","content":[{"document":{"format":"pdf","name":"a","source":)"
                R"x({"bytes":"AAAA"}}},{"text":"(no message)"}]}])x");
    EXPECT_JSON(turn(R"(,{"type":"text","text":"?"})"),
                R"([{"role":"user","content":[{"document":{"format":"pdf","name":"a","source":)"
                R"({"bytes":"AAAA"}}},{"text":"?"}]}])");
}

// Numbered from the first on they would take very long.
TEST(BedrockRequest, VeryManyDocumentsOfOneNameAreNoTrouble) {
    constexpr int kVeryMany = 20'000;
    std::string parts = R"({"type":"text","text":"?"})";
    for (int i = 0; i < kVeryMany; ++i) {
        parts +=
            R"(,{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}})";
    }
    const auto sent = messages(R"([{"role":"user","content":[)" + parts + "]}]");
    const auto& last = sent.at(0).at("content").as_array().back().at("document").at("name");
    EXPECT_EQ(last.as_string(), "a " + std::to_string(kVeryMany));
}

TEST(BedrockRequest, ASchemaThatIsNotClosedIsClosed) {
    const auto form = [](std::string_view schema) {
        return sent(
            R"(,"response_format":{"type":"json_schema","json_schema":{"name":"p","schema":)" +
            std::string(schema) + "}}");
    };
    const auto schema_in = [](const json::value& body) {
        return json::parse(body.at("outputConfig")
                               .at("textFormat")
                               .at("structure")
                               .at("jsonSchema")
                               .at("schema")
                               .as_string());
    };
    EXPECT_JSON(
        schema_in(form(R"({"type":"object","properties":{"a":{"type":"string"}}})")),
        R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})");
    // What cannot be said there goes by way of a tool.
    const auto by_tool =
        form(R"({"type":"object","properties":{"a":{"type":"string","pattern":"x"}}})");
    EXPECT_FALSE(by_tool.as_object().contains("outputConfig"));
    EXPECT_JSON(by_tool.at("toolConfig").at("toolChoice"), R"({"tool":{"name":"json_tool_call"}})");
}

TEST(BedrockRequest, ThinkingHasRoomForTheAnswer) {
    EXPECT_JSON(sent(R"(,"reasoning_effort":"medium")").at("inferenceConfig"),
                R"({"maxTokens":6144})");
    EXPECT_JSON(sent(R"(,"reasoning_effort":"medium","max_tokens":9000)").at("inferenceConfig"),
                R"({"maxTokens":9000})");
    EXPECT_JSON(
        sent(R"(,"reasoning_effort":"high")", "us.anthropic.claude-opus-4-6-v1")
            .at("additionalModelRequestFields"),
        R"({"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"}})");
}

TEST(BedrockRequest, ABudgetIsAnEffortForModelsThatThinkByOne) {
    const struct {
        const char* members;
        const char* effort;
    } cases[] = {
        {R"(,"thinking":{"type":"enabled","budget_tokens":1024})", "low"},
        {R"(,"thinking":{"type":"enabled","budget_tokens":2048},"reasoning_effort":"low")",
         "medium"},
        {R"(,"thinking":{"type":"enabled","budget_tokens":9000})", "high"},
        {R"(,"thinking":{"type":"adaptive"})", "medium"},
        {R"(,"reasoning_effort":{"effort":"high"})", "high"},
    };
    for (const auto& [members, effort] : cases) {
        EXPECT_EQ(sent(members, "openai.gpt-oss-20b")
                      .at("additionalModelRequestFields")
                      .at("reasoning_effort"),
                  effort);
        EXPECT_EQ(sent(members, "amazon.nova-2-lite")
                      .at("additionalModelRequestFields")
                      .at("reasoningConfig")
                      .at("maxReasoningEffort"),
                  effort);
    }
    EXPECT_JSON(sent(R"(,"thinking":{"type":"disabled"})", "amazon.nova-2-lite")
                    .at("additionalModelRequestFields"),
                R"({"reasoningConfig":{"type":"disabled"}})");
}

TEST(BedrockRequest, FaultsAreToldWithTheirPlace) {
    const struct {
        const char* messages;
        const char* param;
    } cases[] = {
        {R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/a.png"}}]}])",
         "messages[0].content[0].image_url"},
        {R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"file","file":{"file_id":"file-1"}}]}])",
         "messages[0].content[1].file.file_id"},
        {R"([{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/x-y;base64,AA"}}]}])",
         "messages[0].content[0].file.file_data"},
        {R"([{"role":"system","content":"a"}])", "messages"},
        {R"({})", "messages"},
    };
    for (const auto& [turns, param] : cases) {
        const auto made = call(R"(,"messages":)" + std::string(turns));
        ASSERT_FALSE(made) << turns;
        EXPECT_EQ(made.error().cls, BAY_ERR_BAD_REQUEST);
        EXPECT_EQ(made.error().param, param);
    }
}

}  // namespace
}  // namespace patchbay::bedrock
