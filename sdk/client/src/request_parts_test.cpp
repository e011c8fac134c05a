#include "request_parts.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::client {
namespace {

struct Case {
    const char* what;
    const char* operation;
    bool ad_hoc;
    const char* request;
    const char* body;
    const char* deployment;
};

TEST(RequestParts, WhatDescribesTheDeploymentIsTakenOut) {
    const Case cases[] = {
        {"nothing to take out: as it came", "chat.completions", true,
         R"({"model": "openai/gpt-4o", "messages": [], "temperature": 0.5})",
         R"({"model": "openai/gpt-4o", "messages": [], "temperature": 0.5})", "{}"},
        {"key and address", "chat.completions", true,
         R"({"model":"a/b","api_key":"sk","messages":[],"api_base":"http://x"})",
         R"({"model":"a/b","messages":[]})", R"({"api_key":"sk","api_base":"http://x"})"},
        {"what is null is not given", "chat.completions", true, R"({"api_key":null,"model":"a/b"})",
         R"({"model":"a/b"})", "{}"},
        {"clouds", "chat.completions", true,
         R"({"model":"a/b","aws_region_name":"eu","vertex_project":"p","user":"u"})",
         R"({"model":"a/b","user":"u"})", R"({"aws_region_name":"eu","vertex_project":"p"})"},
        {"the retries of OpenAI's SDK", "chat.completions", true,
         R"({"model":"a/b","max_retries":4})", R"({"model":"a/b"})", R"({"num_retries":4})"},
        {"prices", "chat.completions", true,
         R"({"model":"a/b","input_cost_per_token":1,"output_cost_per_second":2})",
         R"({"model":"a/b"})", R"({"input_cost_per_token":1,"output_cost_per_second":2})"},
        {"whose turn it is", "chat.completions", true,
         R"({"model":"a/b","ensure_alternating_roles":true,"supports_system_message":false})",
         R"({"model":"a/b"})",
         R"({"ensure_alternating_roles":true,"supports_system_message":false})"},
        {"with a configuration all stays, to be refused", "chat.completions", false,
         R"({"model":"a/b","api_key":"sk"})", R"({"model":"a/b","api_key":"sk"})", "{}"},
        {"a model that stands in the path", "generate_content", true,
         R"({"model":"gemini/g","contents":[],"stream":true})", R"({"contents":[]})", "{}"},
        {"a mock that says nothing is none", "chat.completions", true,
         R"({"model":"a/b","mock_response":null,"mock_timeout":false})", R"({"model":"a/b"})",
         "{}"},
    };
    for (const Case& one : cases) {
        RequestParts parts;
        take_apart(one.request, *find_operation(one.operation), one.ad_hoc, parts);
        EXPECT_TRUE(parts.readable) << one.what;
        EXPECT_EQ(parts.body, one.body) << one.what;
        EXPECT_EQ(boost::json::serialize(parts.deployment), one.deployment) << one.what;
        EXPECT_FALSE(parts.mocked) << one.what;
    }
}

TEST(RequestParts, AFallbackMaySayWhereItGoes) {
    const char* request =
        R"({"model":"a/b","fallbacks":["c/d",{"model":"a/b","api_key":"sk","max_retries":1,"top_p":1}],"n":1})";
    RequestParts parts;
    take_apart(request, *find_operation("chat.completions"), true, parts);
    ASSERT_EQ(parts.fallbacks.size(), 2u);
    EXPECT_EQ(parts.fallbacks[1].model, "a/b");
    EXPECT_EQ(boost::json::serialize(parts.fallbacks[1].deployment),
              R"({"api_key":"sk","num_retries":1})");
    EXPECT_EQ(parts.fallbacks[1].name, "a/b (fallback 2)");
    EXPECT_EQ(
        parts.body,
        R"-({"model":"a/b","fallbacks":["c/d",{"model":"a/b (fallback 2)","top_p":1}],"n":1})-");
    RequestParts configured;
    take_apart(request, *find_operation("chat.completions"), false, configured);
    EXPECT_EQ(configured.body, request);
}

TEST(RequestParts, WhatDecidesOnTheWorldIsRead) {
    RequestParts parts;
    take_apart(R"({"model":"\u0061/b","stream":true,"mock_response":"x",)"
               R"("fallbacks":["c/d",{"model":"e/f","temperature":1},17]})",
               *find_operation("chat.completions"), true, parts);
    EXPECT_EQ(parts.model, "a/b");
    EXPECT_TRUE(parts.stream);
    EXPECT_TRUE(parts.mocked);
    ASSERT_EQ(parts.fallbacks.size(), 2u);
    EXPECT_EQ(parts.fallbacks[0].name, "c/d");
    EXPECT_EQ(parts.fallbacks[1].name, "e/f");
    EXPECT_TRUE(parts.fallbacks[1].deployment.empty());
}

TEST(RequestParts, AFailureThatIsAskedForIsNoMock) {
    RequestParts parts;
    take_apart(R"({"model":"a/b","mock_testing_fallbacks":true})",
               *find_operation("chat.completions"), true, parts);
    EXPECT_FALSE(parts.mocked);
    EXPECT_EQ(parts.body, R"({"model":"a/b","mock_testing_fallbacks":true})");
}

TEST(RequestParts, WhatIsNoObjectIsLeftToItsSurface) {
    for (const char* text : {"", "[]", "{\"model\":", "{} x", "null"}) {
        RequestParts parts;
        take_apart(text, *find_operation("chat.completions"), true, parts);
        EXPECT_FALSE(parts.readable) << text;
        EXPECT_EQ(parts.body, text) << text;
    }
}

TEST(RequestParts, ABodyOfItsOwnNeedsTheRequestNoMore) {
    std::string request = R"({"model":"a/b","api_key":"sk","fallbacks":["c/d"],"messages":[]})";
    RequestParts parts;
    take_apart(request, *find_operation("chat.completions"), true, parts);
    std::fill(request.begin(), request.end(), '?');
    parts.forget_deployment();
    EXPECT_EQ(parts.body, R"({"model":"a/b","fallbacks":["c/d"],"messages":[]})");
    EXPECT_EQ(parts.model, "a/b");
    EXPECT_TRUE(parts.deployment.empty());
    EXPECT_TRUE(parts.fallbacks.empty());
}

}  // namespace
}  // namespace patchbay::client
