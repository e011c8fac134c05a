// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "chat/base64.hpp"
#include "count_exchange.hpp"
#include "invoke_headers.hpp"
#include "nova_call.hpp"

namespace patchbay::bedrock {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

json::object object(std::string_view text) {
    return std::move(parse_json(text)->as_object());
}

TEST(InvokeHeaders, SayWhatConverseHasInItsBody) {
    auto body = object(
        R"({"prompt":"p","guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":3,"trace":"enabled_full"},)"
        R"("performanceConfig":{"latency":"optimized"},"serviceTier":{"type":"flex"}})");
    EXPECT_THAT(take_headers(body),
                ElementsAre(Pair("x-amzn-bedrock-guardrailidentifier", "g"),
                            Pair("x-amzn-bedrock-guardrailversion", "3"),
                            Pair("x-amzn-bedrock-trace", "ENABLED_FULL"),
                            Pair("x-amzn-bedrock-performanceconfig-latency", "optimized"),
                            Pair("x-amzn-bedrock-service-tier", "flex")));
    EXPECT_EQ(body, object(R"({"prompt":"p"})"));
}

TEST(InvokeHeaders, WhatSaysNothingGivesNone) {
    for (const char* text :
         {"{}", R"({"service_tier":"auto"})", R"({"service_tier":"standard_only"})",
          R"({"service_tier":null,"guardrailConfig":[],"serviceTier":{"type":"auto"}})"}) {
        auto body = object(text);
        EXPECT_THAT(take_headers(body), IsEmpty()) << text;
        EXPECT_TRUE(body.empty()) << text;
    }
}

TEST(InvokeHeaders, TheAPIsOwnWordWinsOverOpenAIs) {
    auto body = object(R"({"service_tier":"priority","serviceTier":{"type":"flex"}})");
    EXPECT_THAT(take_headers(body), ElementsAre(Pair("x-amzn-bedrock-service-tier", "flex")));
}

TEST(NovaCall, AModelsOwnParametersStandAmongTheBodys) {
    bay::Dropped dropped;
    const auto call = nova_call(
        R"({"messages":[],"inferenceConfig":{"maxTokens":5},"requestMetadata":{"a":"b"},)"
        R"("additionalModelRequestFields":{"inferenceConfig":{"topK":3},"reasoningConfig":{"type":"enabled"},"own":1}})",
        dropped);
    EXPECT_EQ(
        json::parse(call.body),
        json::parse(
            R"({"messages":[],"inferenceConfig":{"maxTokens":5,"topK":3,"reasoningConfig":{"type":"enabled"}},"own":1})"));
    EXPECT_THAT(dropped.names(), ElementsAre("requestMetadata"));
    EXPECT_THAT(call.headers, IsEmpty());
}

TEST(NovaCall, HasAConfigurationAlways) {
    bay::Dropped dropped;
    EXPECT_EQ(json::parse(nova_call(R"({"messages":[]})", dropped).body),
              json::parse(R"({"messages":[],"inferenceConfig":{}})"));
}

TEST(CountBody, HoldsWhatInvokeModelWouldBeSent) {
    const auto counted = [](std::string_view request) {
        const auto body = json::parse(count_body(request));
        const auto& base64 = body.at("input").at("invokeModel").at("body").as_string();
        return json::parse(*shared::decode_base64({base64.data(), base64.size()}));
    };
    EXPECT_EQ(
        counted(R"({"model":"m","messages":[]})"),
        json::parse(R"({"messages":[],"max_tokens":1,"anthropic_version":"bedrock-2023-05-31"})"));
    EXPECT_EQ(counted(R"({"max_tokens":9,"messages":[]})").at("max_tokens"), 9);
    EXPECT_EQ(count_body("[]"), "");
}

TEST(CountBody, OfConverseIsWhatTheModelReads) {
    const auto body = json::parse(count_body_of_converse(
        R"({"messages":[],"system":[],"toolConfig":{"tools":[]},"inferenceConfig":{"maxTokens":5},
            "additionalModelRequestFields":{"top_k":5},"guardrailConfig":{},"serviceTier":{},
            "outputConfig":{}})"));
    EXPECT_EQ(body,
              json::parse(
                  R"({"input":{"converse":{"messages":[],"system":[],"toolConfig":{"tools":[]},
            "additionalModelRequestFields":{"top_k":5}}}})"));
    EXPECT_EQ(count_body_of_converse("[]"), "");
}

TEST(Base64, GivesBackWhatItWasGiven) {
    EXPECT_EQ(shared::encode_base64(""), "");
    EXPECT_EQ(shared::encode_base64("a"), "YQ==");
    EXPECT_EQ(shared::encode_base64("\xfb\xff\xbf"), "+/+/");
    for (const std::string bytes : {"ab", "abc", "abcd"}) {
        EXPECT_EQ(shared::decode_base64(shared::encode_base64(bytes)), bytes);
    }
}

}  // namespace
}  // namespace patchbay::bedrock
