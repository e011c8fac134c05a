// SPDX-License-Identifier: Apache-2.0
// The table of what Anthropic refuses, alone or together: each row without and with drop_params.
#include "parameter_rules.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

constexpr const char* kOld = "claude-3-haiku-20240307";
constexpr const char* kSonnet4 = "claude-sonnet-4-20250514";
constexpr const char* kSonnet45 = "claude-sonnet-4-5-20250929";
constexpr const char* kOpus45 = "claude-opus-4-5-20251101";
constexpr const char* kOpus46 = "claude-opus-4-6";
constexpr const char* kOpus47 = "claude-opus-4-7";

constexpr const char* kTools =
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],)";

/// The body without what every request has.
json::value what_is_sent(const char* model, std::string_view members, bool drop) {
    RequestOptions options;
    options.model = model;
    options.drop_params = drop;
    options.max_output_tokens = 64000;
    std::string client = R"({"messages":[{"role":"user","content":"q"}],)";
    auto body = translated(client.append(members).append("}"), options);
    if (auto* object = body.if_object()) {
        object->erase("messages");
        object->erase("model");
        object->erase("tools");
        const bool bounded = members.find("\"max_") != std::string_view::npos;
        if (!bounded) object->erase("max_tokens");
    }
    return body;
}

struct Row {
    const char* model;
    const char* members;         ///< of the client's request
    const char* refused;         ///< the names in the error, in order; "" if it is not refused
    const char* sent;            ///< with drop_params, and without if it is not refused
    const char* kept = nullptr;  ///< without, where that differs: Anthropic is to refuse it
};

class ParameterSet : public testing::TestWithParam<Row> {};

TEST_P(ParameterSet, IsSentOnlyIfTheModelTakesIt) {
    const auto& [model, members, refused, sent, kept] = GetParam();
    EXPECT_JSON(what_is_sent(model, members, true), sent);
    const auto strict = what_is_sent(model, members, false);
    if (*refused == '\0') {
        EXPECT_JSON(strict, kept ? kept : sent);
        return;
    }
    const std::string begin =
        std::string("anthropic does not support parameters: [") + refused + "], for model=" + model;
    ASSERT_TRUE(strict.is_string()) << json::serialize(strict);
    EXPECT_EQ(std::string(strict.as_string()).substr(0, begin.size()), begin);
}

#define LOW R"("thinking":{"type":"enabled","budget_tokens":1024})"
#define ADAPTIVE R"("thinking":{"type":"adaptive","display":"summarized"})"

INSTANTIATE_TEST_SUITE_P(
    SamplingWhileThinking, ParameterSet,
    testing::Values(Row{kSonnet45, R"("reasoning_effort":"low","temperature":0.2,"top_p":0.5)", "",
                        "{" LOW "}", "{" LOW R"(,"temperature":0.2,"top_p":0.5})"},
                    Row{kSonnet4, R"("reasoning_effort":"low","temperature":0,"top_k":5)", "",
                        "{" LOW "}", "{" LOW R"(,"temperature":0,"top_k":5})"},
                    Row{kSonnet4, R"("reasoning_effort":"low","temperature":1)", "",
                        "{" LOW R"(,"temperature":1})"},
                    Row{kSonnet4, R"("reasoning_effort":"low","temperature":1.0,"top_p":0.97)", "",
                        "{" LOW R"(,"temperature":1.0,"top_p":0.97})"},
                    Row{kSonnet45, R"("reasoning_effort":"low","temperature":1,"top_p":0.97)", "",
                        "{" LOW R"(,"top_p":0.97})"},
                    Row{kOpus46, R"("reasoning_effort":"low","temperature":0.5)", "",
                        "{" ADAPTIVE R"(,"output_config":{"effort":"low"}})",
                        "{" ADAPTIVE R"(,"output_config":{"effort":"low"},"temperature":0.5})"},
                    Row{kSonnet45, R"("thinking":{"type":"disabled"},"temperature":0.5)", "",
                        R"({"thinking":{"type":"disabled"},"temperature":0.5})"},
                    Row{kSonnet45, R"("reasoning_effort":"none","temperature":0.5)", "",
                        R"({"temperature":0.5})"}));

INSTANTIATE_TEST_SUITE_P(
    SamplingByModel, ParameterSet,
    testing::Values(
        Row{kSonnet4, R"("temperature":0.5,"top_p":0.9)", "", R"({"temperature":0.5,"top_p":0.9})"},
        Row{kSonnet45, R"("temperature":0.5,"top_p":0.9)", "", R"({"temperature":0.5})",
            R"({"temperature":0.5,"top_p":0.9})"},
        Row{"claude-opus-4-1", R"("top_p":0.9,"temperature":0)", "", R"({"temperature":0})",
            R"({"temperature":0,"top_p":0.9})"},
        Row{kOpus46, R"("temperature":0.5,"top_p":1)", "", R"({"temperature":0.5})"},
        Row{kOpus46, R"("temperature":1.0,"top_p":0.5)", "", R"({"top_p":0.5})"},
        Row{kSonnet45, R"("temperature":1,"top_p":1)", "", R"({"top_p":1})"},
        Row{kSonnet45, R"("temperature":0.5,"top_k":5)", "", R"({"temperature":0.5,"top_k":5})"},
        Row{kOpus47, R"("temperature":0.5,"top_p":0.9,"top_k":5)",
            "'temperature', 'top_p', 'top_k'", "{}"},
        Row{kOpus47, R"("temperature":1,"top_p":1.0)", "", "{}"}));

INSTANTIATE_TEST_SUITE_P(
    ThinkingByModel, ParameterSet,
    testing::Values(
        Row{kOld, R"("reasoning_effort":"low")", "'reasoning_effort'", "{}"},
        Row{kOld, R"("thinking":{"type":"enabled","budget_tokens":2000},"temperature":0.5)",
            "'thinking'", R"({"temperature":0.5})"},
        Row{kOld, R"("reasoning_effort":"none")", "", "{}"},
        Row{kOld, R"("thinking":{"type":"disabled"})", "", "{}"},
        Row{kSonnet45, R"("thinking":{"type":"adaptive"})", "",
            R"({"thinking":{"type":"enabled","budget_tokens":2048}})"},
        Row{kOpus46, R"("thinking":{"type":"enabled","budget_tokens":3000})", "",
            R"({"thinking":{"type":"enabled","budget_tokens":3000}})"},
        Row{kOpus47, R"("thinking":{"type":"enabled","budget_tokens":3000})", "",
            R"({"thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}})"},
        Row{kOpus47, R"("thinking":{"type":"enabled","budget_tokens":32000,"display":"omitted"})",
            "",
            R"({"thinking":{"type":"adaptive","display":"omitted"},
                "output_config":{"effort":"high"}})"},
        Row{kOpus45, R"("reasoning_effort":"max")", "",
            R"({"thinking":{"type":"enabled","budget_tokens":16384}})"},
        Row{kOpus46, R"("reasoning_effort":"minimal","output_config":{"x":1})", "",
            "{" ADAPTIVE R"(,"output_config":{"x":1,"effort":"low"}})"},
        Row{kOpus46, R"("reasoning_effort":"low","output_config":{"effort":"max"})", "",
            "{" ADAPTIVE R"(,"output_config":{"effort":"max"}})"},
        Row{kOpus47, R"("reasoning_effort":{"effort":"xhigh"})", "",
            "{" ADAPTIVE R"(,"output_config":{"effort":"xhigh"}})"},
        Row{kSonnet45, R"("output_config":{"effort":"low"})", "'output_config'",
            R"({"output_config":{}})"},
        Row{kOpus45, R"("output_config":{"effort":"low"})", "",
            R"({"output_config":{"effort":"low"}})"}));

INSTANTIATE_TEST_SUITE_P(
    BudgetAndMaxTokens, ParameterSet,
    testing::Values(
        Row{kSonnet4, R"("thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":5000)", "",
            R"({"thinking":{"type":"enabled","budget_tokens":2500},"max_tokens":5000})",
            R"({"thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":5000})"},
        Row{kSonnet4, R"("thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":5001)", "",
            R"({"thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":5001})"},
        Row{kSonnet4, R"("thinking":{"type":"enabled","budget_tokens":500})", "", "{" LOW "}",
            R"({"thinking":{"type":"enabled","budget_tokens":500}})"},
        Row{kSonnet4, R"("thinking":{"type":"enabled","budget_tokens":2000},"max_tokens":1024)", "",
            R"({"max_tokens":1024})",
            R"({"thinking":{"type":"enabled","budget_tokens":2000},"max_tokens":1024})"},
        Row{kSonnet4,
            R"("anthropic_beta":["interleaved-thinking-2025-05-14"],"max_tokens":1024,
               "thinking":{"type":"enabled","budget_tokens":2000})",
            "", R"({"thinking":{"type":"enabled","budget_tokens":2000},"max_tokens":1024})"},
        Row{kSonnet4, R"("reasoning_effort":"high","max_tokens":1500)", "",
            "{" LOW R"(,"max_tokens":1500})"},
        Row{kSonnet4, R"("reasoning_effort":"high","max_completion_tokens":3000)", "",
            R"({"thinking":{"type":"enabled","budget_tokens":1500},"max_tokens":3000})"},
        Row{kSonnet4, R"("reasoning_effort":"low","max_tokens":500,"temperature":0.5)", "",
            R"({"max_tokens":500,"temperature":0.5})"},
        Row{kOpus46, R"("reasoning_effort":"high","max_tokens":500)", "",
            "{" ADAPTIVE R"(,"output_config":{"effort":"high"},"max_tokens":500})"},
        Row{kSonnet4, R"("max_tokens":0)", "", R"({"max_tokens":0})"},
        Row{kSonnet4, R"("max_tokens":-1)", "", R"({"max_tokens":-1})"},
        Row{kSonnet4, R"("max_tokens":100000)", "", R"({"max_tokens":100000})"}));

#define FORCED_WHILE_THINKING "\"reasoning_effort\":\"low\","

TEST(ToolsWhileThinking, NoCallCanBeForcedWhichAnthropicSaysItself) {
    for (const char* choice :
         {R"("required")", R"({"type":"any"})", R"({"type":"function","function":{"name":"f"}})",
          R"({"type":"tool","name":"f"})",
          R"({"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[]}})"}) {
        const auto members = std::string(kTools) + FORCED_WHILE_THINKING + R"("tool_choice":)" +
                             choice + R"(,"parallel_tool_calls":false)";
        EXPECT_JSON(what_is_sent(kSonnet45, members, true).at("tool_choice"),
                    R"({"type":"auto","disable_parallel_tool_use":true})");
        const auto strict = what_is_sent(kSonnet45, members, false);
        ASSERT_TRUE(strict.is_object()) << choice;
        EXPECT_NE(strict.at("tool_choice").at("type"), json::value("auto")) << choice;
    }
    for (const char* choice : {R"("auto")", R"("none")"}) {
        const auto members =
            std::string(kTools) + FORCED_WHILE_THINKING + R"("tool_choice":)" + choice;
        EXPECT_TRUE(what_is_sent(kSonnet45, members, false).is_object()) << choice;
    }
    const auto legacy = std::string(R"("functions":[{"name":"f"}],)") + FORCED_WHILE_THINKING +
                        R"("function_call":{"name":"f"})";
    EXPECT_JSON(what_is_sent(kSonnet45, legacy, true).at("tool_choice"), R"({"type":"auto"})");
    EXPECT_JSON(what_is_sent(kSonnet45, legacy, false).at("tool_choice"),
                R"({"type":"tool","name":"f"})");
}

INSTANTIATE_TEST_SUITE_P(
    Values, ParameterSet,
    testing::Values(
        Row{kSonnet4, R"("stop":["END","\n"])", "", R"({"stop_sequences":["END"]})",
            R"({"stop_sequences":["END","\n"]})"},
        Row{kSonnet4, R"("stop":" ")", "", "{}", R"({"stop_sequences":[" "]})"},
        Row{kSonnet4, R"("stop":"")", "", "{}", R"({"stop_sequences":[""]})"},
        Row{kSonnet4, R"("stop":["a b"," c"])", "", R"({"stop_sequences":["a b"," c"]})"},
        Row{kSonnet4, R"("service_tier":"flex","seed":1)", "'service_tier', 'seed'", "{}"},
        Row{kSonnet4, R"("frequency_penalty":0.0,"n":1,"logit_bias":{})",
            "'frequency_penalty', 'logit_bias'", "{}"}));

TEST(ParameterSet, AllThatIsWrongIsNamedAtOnceWithItsReason) {
    const auto refused =
        what_is_sent(kOpus47, R"("seed":1,"reasoning_effort":"low","temperature":0.1)", false);
    EXPECT_EQ(refused,
              json::value("anthropic does not support parameters: ['seed', 'temperature'], for "
                          "model=claude-opus-4-7 (temperature: only 1 while the model "
                          "thinks, and for models that fix it). To drop these, set `drop_params: "
                          "true` under `litellm_settings`; to send them as they are, name them in "
                          "`allowed_openai_params`."));
}

TEST(ParameterSet, WhatIsAllowedIsNotLookedAt) {
    auto options = test_options();
    options.allowed_params = "temperature,thinking";
    options.model = kOld;
    const auto body = translated_with(
        R"(,"temperature":0.1,"thinking":{"type":"enabled","budget_tokens":5},"max_tokens":3)",
        options);
    EXPECT_JSON(body.at("temperature"), "0.1");
    EXPECT_JSON(body.at("thinking"), R"({"type":"enabled","budget_tokens":5})");
}

TEST(ParameterSet, AnEffortTheModelHasNotIsRefusedOrLowered) {
    EXPECT_JSON(what_is_sent(kOpus46, R"("reasoning_effort":"xhigh")", false),
                R"("reasoning_effort: claude-opus-4-6 has no effort xhigh")");
    EXPECT_JSON(what_is_sent(kOpus46, R"("reasoning_effort":"xhigh")", true).at("output_config"),
                R"({"effort":"high"})");
}

// Clients of OpenAI's API do not send thoughts back; Anthropic refuses to go on thinking without
// them.
TEST(ThinkingOverToolTurns, NeedsTheThoughtsOfTheCall) {
    const std::string call =
        R"("tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]})";
    const std::string result = R"({"role":"tool","tool_call_id":"a","content":"1"})";
    const std::string thoughts =
        R"("thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],)";
    const auto thinks = [](const std::string& messages, const char* members, const char* model,
                           bool drop) {
        RequestOptions options;
        options.model = model;
        options.drop_params = drop;
        const auto body = translated(
            R"({"messages":[{"role":"user","content":"q"},)" + messages + "]," + members + "}",
            options);
        return body.is_object() && body.as_object().contains("thinking");
    };
    const auto bare = R"({"role":"assistant",)" + call + "," + result;
    const auto whole = R"({"role":"assistant",)" + thoughts + call + "," + result;
    const auto later =
        bare + R"(,{"role":"assistant","content":"done"},{"role":"user","content":"r"})";
    constexpr const char* kEffort = R"("reasoning_effort":"low")";
    constexpr const char* kOwn = R"("thinking":{"type":"enabled","budget_tokens":2000})";
    EXPECT_FALSE(thinks(bare, kEffort, kSonnet45, false));
    EXPECT_FALSE(thinks(bare + R"(,{"role":"user","content":"r"})", kEffort, kSonnet45, false));
    EXPECT_TRUE(thinks(whole, kEffort, kSonnet45, false));
    EXPECT_TRUE(thinks(later, kEffort, kSonnet45, false));
    EXPECT_TRUE(thinks(bare, kEffort, kOpus46, false));
    EXPECT_TRUE(thinks(bare, kOwn, kSonnet45, false));
    EXPECT_FALSE(thinks(bare, kOwn, kSonnet45, true));
    EXPECT_TRUE(thinks(whole, kOwn, kSonnet45, true));
}

struct Default {
    std::uint64_t setting;  ///< default_max_tokens of the instance
    std::uint64_t most;     ///< max_output_tokens of the model
    const char* members;
    const char* sent;
};

TEST(MaxTokens, DefaultIsWhatTheModelCan) {
    const char* budget = R"(,"thinking":{"type":"enabled","budget_tokens":5000})";
    const Default rows[] = {{0, 0, "", "4096"},
                            {0, 64000, "", "64000"},
                            {77, 0, "", "77"},
                            {77, 64000, "", "77"},
                            {90000, 64000, "", "64000"},
                            {0, 64000, R"(,"max_tokens":5)", "5"},
                            {77, 64000, R"(,"max_completion_tokens":70000)", "70000"},
                            {0, 0, budget, "9096"},
                            {77, 0, budget, "9096"},
                            {77, 8000, budget, "8000"},
                            {0, 64000, budget, "9096"},
                            {77000, 64000, budget, "64000"},
                            {0, 0, R"(,"max_tokens":null)", "4096"}};
    for (const auto& row : rows) {
        auto options = test_options();
        options.default_max_tokens = row.setting;
        options.max_output_tokens = row.most;
        EXPECT_JSON(translated_with(row.members, options).at("max_tokens"), row.sent);
    }
}

struct Prefill {
    const char* model;
    const char* last;     ///< the conversation's last message
    const char* members;  ///< more of the request
    const char* refused;
    const char* end;  ///< the last message that is sent
};

// A conversation that ends with the assistant's words begins the answer for some models; others
// refuse it.
TEST(Prefill, GoesToModelsThatTakeIt) {
    constexpr const char* kPlain = R"({"role":"assistant","content":"a "})";
    constexpr const char* kMarked = R"({"role":"assistant","content":"a ","prefix":true})";
    constexpr const char* kAsked =
        R"({"role":"user","content":[{"type":"text","text":"Continue."}]})";
    constexpr const char* kSaid = R"({"role":"assistant","content":[{"type":"text","text":"a"}]})";
    const Prefill rows[] = {
        {kSonnet45, kPlain, "", "", kSaid},
        {kSonnet45, kMarked, "", "", kSaid},
        {kOpus46, kPlain, "", "", kAsked},
        {kOpus47, kMarked, "", "'messages'", kAsked},
        {kSonnet45, kPlain, R"(,"reasoning_effort":"low")", "", kAsked},
        {kSonnet45, kMarked, R"(,"reasoning_effort":"low")", "'messages'", kAsked},
    };
    for (const auto& row : rows) {
        const auto client = R"({"messages":[{"role":"user","content":"q"},)" +
                            std::string(row.last) + "]" + row.members + "}";
        auto options = test_options();
        options.model = row.model;
        const auto strict = translate_request(client, options);
        EXPECT_EQ(strict.has_value(), *row.refused == '\0') << client;
        if (!strict) {
            EXPECT_NE(strict.error().message.find(row.refused), std::string::npos);
        }
        options.drop_params = true;
        const auto call = translate_request(client, options);
        ASSERT_TRUE(call) << client;
        EXPECT_JSON(json::parse(call->body).at("messages").as_array().back(), row.end);
        EXPECT_EQ(call->prefix.empty(), row.last == kPlain || *row.refused != '\0');
    }
}

TEST(ParameterRules, HintsAreLeftOutOrMendedAndNothingElse) {
    auto options = test_options();
    options.model = kSonnet45;
    options.hint_params = "verbosity,prompt_cache_key";
    const std::string client =
        R"({"messages":[{"role":"user","content":"q"}],"verbosity":"low","prompt_cache_key":"k")";
    EXPECT_TRUE(translate_request(client + "}", options));
    const auto refused = translate_request(client + R"(,"seed":1})", options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().param, "seed");
}

}  // namespace
}  // namespace patchbay::anthropic
