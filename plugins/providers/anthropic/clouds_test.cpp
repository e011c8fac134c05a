// SPDX-License-Identifier: Apache-2.0
#include "clouds.hpp"

#include <patchbay/sdk.hpp>

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

// What a coding client of Anthropic's names.
constexpr std::string_view kClient =
    "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,"
    "prompt-caching-scope-2026-01-05,effort-2025-11-24,advanced-tool-use-2025-11-20,"
    "context-1m-2025-08-07,web-search-2025-03-05";

std::string named(Cloud cloud, std::string_view wanted, std::string_view body = "{}",
                  std::string_view operators = {}) {
    Betas client;
    client.add_list(wanted);
    Betas own;
    own.add_list(operators);
    bay::Dropped dropped;
    auto list = betas_at(cloud, client, own, body, dropped).joined();
    if (!dropped.names().empty()) list.append(" without ").append(dropped.names().front());
    return list;
}

TEST(Clouds, AreToldTheFeaturesThatTheyKnow) {
    EXPECT_EQ(named(Cloud::bedrock_invoke, kClient),
              "interleaved-thinking-2025-05-14,context-management-2025-06-27,effort-2025-11-24,"
              "context-1m-2025-08-07 without anthropic_beta");
    EXPECT_EQ(named(Cloud::bedrock_converse, kClient),
              "interleaved-thinking-2025-05-14,effort-2025-11-24,context-1m-2025-08-07 without "
              "anthropic_beta");
    EXPECT_EQ(named(Cloud::vertex_ai, kClient),
              "interleaved-thinking-2025-05-14,context-management-2025-06-27,"
              "context-1m-2025-08-07,web-search-2025-03-05 without anthropic_beta");
    EXPECT_EQ(named(Cloud::vertex_ai, "context-1m-2025-08-07"), "context-1m-2025-08-07");
}

TEST(Clouds, ToolFeaturesAreTheOnesThatAreUsed) {
    constexpr std::string_view kAll = "advanced-tool-use-2025-11-20";
    EXPECT_EQ(named(Cloud::bedrock_invoke, kAll), "");
    EXPECT_EQ(named(Cloud::bedrock_invoke, kAll, R"({"defer_loading":true})"),
              "tool-search-tool-2025-10-19");
    EXPECT_EQ(named(Cloud::bedrock_invoke, kAll,
                    R"({"type":"tool_search_tool_regex_20251119","input_examples":[]})"),
              "tool-search-tool-2025-10-19,tool-examples-2025-10-29");
    EXPECT_EQ(named(Cloud::vertex_ai, kAll, R"({"input_examples":[]})"), " without anthropic_beta");
}

TEST(Clouds, WhatTheOperatorNamesGoesAsItIs) {
    EXPECT_EQ(named(Cloud::bedrock_invoke, "new-2027-01-01,context-1m-2025-08-07", "{}",
                    "new-2027-01-01"),
              "context-1m-2025-08-07,new-2027-01-01");
}

json::value fitted(std::string_view text) {
    auto body = json::parse(text);
    fit_body(body.get_object());
    return body;
}

/// The same by way of a client's bytes.
json::value spliced(std::string_view text) {
    const auto body = json::parse(text);
    std::vector<bay_member> members;
    for (const auto& member : body.get_object()) {
        const std::string name = "\"" + std::string(member.key()) + "\":";
        const auto at = text.find(name);
        const auto value = json::serialize(member.value());
        const auto begin = at + name.size();
        EXPECT_EQ(text.substr(begin, value.size()), value) << "the sample has blanks";
        bay_member one{};
        one.name_off = at;
        one.name = {text.data() + at + 1, member.key().size()};
        one.value_off = begin;
        one.value = {text.data() + begin, value.size()};
        members.push_back(one);
    }
    bay_ev_request request{};
    request.json = bay::str(text);
    request.members = members.data();
    request.member_count = members.size();
    bay::Splice splice(request);
    fit_body(text, splice);
    return json::parse(splice.text());
}

TEST(Clouds, AMarkOfTheWholeRequestStandsOnItsLastBlock) {
    const struct {
        const char* what;
        const char* given;
        const char* sent;
    } cases[] = {
        {"words",
         R"({"cache_control":{"type":"ephemeral","ttl":"1h"},"messages":[{"role":"user","content":"hi"}]})",
         R"({"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})"},
        {"a block that is none to be marked comes last",
         R"({"cache_control":{"type":"ephemeral","scope":"global"},"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":""}]}]})",
         R"({"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":""}]}]})"},
        {"a mark of the client's own stays",
         R"({"cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})",
         R"({"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})"},
        {"four are enough",
         R"({"cache_control":{"type":"ephemeral"},"tools":[{"name":"f","cache_control":{"type":"ephemeral"}}],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"tool_result","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]},{"type":"text","text":"c"}]}]})",
         R"({"tools":[{"name":"f","cache_control":{"type":"ephemeral"}}],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"tool_result","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]},{"type":"text","text":"c"}]}]})"},
        {"scopes",
         R"({"tools":[{"name":"f","input_schema":{"properties":{"scope":{"type":"string"}}},"cache_control":{"type":"ephemeral","scope":"global"}}],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","scope":"global","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral","scope":"org"}}]}]}]})",
         R"({"tools":[{"name":"f","input_schema":{"properties":{"scope":{"type":"string"}}},"cache_control":{"type":"ephemeral"}}],"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}]}]})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        EXPECT_JSON(fitted(c.given), c.sent);
        EXPECT_JSON(spliced(c.given), c.sent);
    }
}

TEST(Clouds, StructuredOutputsHaveTheNameThatTheyHaveThere) {
    const struct {
        const char* given;
        const char* sent;
    } cases[] = {
        {R"({"output_format":{"type":"json_schema","schema":{}},"messages":[]})",
         R"({"output_config":{"format":{"type":"json_schema","schema":{}}},"messages":[]})"},
        {R"({"output_format":{"type":"json_schema","schema":{}},"output_config":{"effort":"low"}})",
         R"({"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}}})"},
        {R"({"output_format":{"type":"old"},"output_config":{"format":{"type":"new"}}})",
         R"({"output_config":{"format":{"type":"new"}}})"},
        {R"({"output_config":{"format":{"type":"json_schema"}}})",
         R"({"output_config":{"format":{"type":"json_schema"}}})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.given);
        EXPECT_JSON(fitted(c.given), c.sent);
        EXPECT_JSON(spliced(c.given), c.sent);
    }
}

TEST(Clouds, ThoughtsThatNobodySignedAreLeftOut) {
    EXPECT_JSON(
        spliced(
            R"({"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""},{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]})"),
        R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]})");
}

TEST(Clouds, WhatNeedsNoChangeIsNotRead) {
    constexpr const char* kBody =
        R"({"messages":[{"role":"user","content":"the \"scope\" of it"}],"n":1e999})";
    bay_ev_request request{};
    request.json = bay::str(kBody);
    bay::Splice splice(request);
    fit_body(kBody, splice);
    EXPECT_FALSE(splice.changed());
}

}  // namespace
}  // namespace patchbay::anthropic
