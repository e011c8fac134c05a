// SPDX-License-Identifier: Apache-2.0
#include "headers.hpp"

#include <patchbay/sdk.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::anthropic {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

Headers headers_of(std::string_view key, std::string_view params = "{}",
                   std::vector<bay_kv> client = {}, Betas betas = {}) {
    const auto settings = json::parse(params).as_object();
    const Betas named = named_betas(settings, client.data(), client.size());
    for (const auto& name : named.names()) betas.add(name);
    return messages_headers(key, settings, client.data(), client.size(), std::move(betas));
}

TEST(MessagesUrl, CompletesTheBase) {
    const char* whole = "https://api.anthropic.com/v1/messages";
    for (const char* base : {"", "https://api.anthropic.com", "https://api.anthropic.com/",
                             "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/",
                             "https://api.anthropic.com/v1/messages"}) {
        EXPECT_EQ(messages_url(base), whole) << base;
    }
    EXPECT_EQ(messages_url("http://x:1/anthropic"), "http://x:1/anthropic/v1/messages");
}

TEST(MessagesHeaders, KeyAndVersion) {
    EXPECT_THAT(headers_of("sk-ant-1"),
                UnorderedElementsAre(Pair("content-type", "application/json"),
                                     Pair("anthropic-version", "2023-06-01"),
                                     Pair("x-api-key", "sk-ant-1")));
}

TEST(MessagesHeaders, LoginTokensAreBearers) {
    EXPECT_THAT(headers_of("sk-ant-oat01-x"),
                UnorderedElementsAre(Pair("content-type", "application/json"),
                                     Pair("anthropic-version", "2023-06-01"),
                                     Pair("authorization", "Bearer sk-ant-oat01-x"),
                                     Pair("anthropic-dangerous-direct-browser-access", "true"),
                                     Pair("anthropic-beta", "oauth-2025-04-20")));
}

TEST(MessagesHeaders, OperatorsAndClientsHeaders) {
    Betas betas;
    betas.add("a");
    EXPECT_THAT(
        headers_of(
            "",
            R"({"extra_headers":{"Anthropic-Beta":"b","X-Team":"t","Anthropic-Version":"2024",
                       "bad name":"x","evil":"a\r\nb: c","n":1}})",
            {{bay::str("Anthropic-Beta"), bay::str("c, a")},
             {bay::str("anthropic-beta"), bay::str("d")},
             {bay::str("X-Team"), bay::str("the operator's wins")}},
            betas),
        UnorderedElementsAre(Pair("content-type", "application/json"),
                             Pair("anthropic-version", "2024"), Pair("x-team", "t"),
                             Pair("anthropic-beta", "a,c,d,b")));
}

TEST(MessagesHeaders, WhatTheHostLetsThroughOfTheClient) {
    EXPECT_THAT(headers_of("sk-ant-1", "{}",
                           {{bay::str("anthropic-version"), bay::str("2024-01-01")},
                            {bay::str("Content-Type"), bay::str("text/plain")},
                            {bay::str("x-trace"), bay::str("1")}}),
                UnorderedElementsAre(Pair("content-type", "application/json"),
                                     Pair("anthropic-version", "2024-01-01"),
                                     Pair("x-api-key", "sk-ant-1"), Pair("x-trace", "1")));
}

TEST(MessagesHeaders, SettingsOfTheWrongShapeAreIgnored) {
    EXPECT_EQ(headers_of("k", R"({"extra_headers":[]})").size(), 3u);
}

}  // namespace
}  // namespace patchbay::anthropic
