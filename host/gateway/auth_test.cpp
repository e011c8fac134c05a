#include "gateway/auth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/key_hash.hpp"

namespace patchbay::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

const Secret kMaster(std::string("sk-master"));

Request with(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    Request request;
    for (const auto& [name, value] : headers) request.head.set(name, value);
    return request;
}

bool passes(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    return !check_key(with(headers), kMaster);
}

TEST(Auth, without_a_master_key_all_may_pass) {
    EXPECT_FALSE(check_key(Request{}, Secret()));
    EXPECT_FALSE(check_key(with({{"Authorization", "Bearer anything"}}), Secret()));
}

TEST(Auth, a_key_is_hashed_anew_only_where_it_is_another) {
    Request request;
    EXPECT_EQ(request.hash_of("sk-1"), access::hash_key("sk-1"));
    EXPECT_EQ(request.hash_of("sk-1"), access::hash_key("sk-1"));
    EXPECT_EQ(request.hash_of("sk-2"), access::hash_key("sk-2"));
    EXPECT_EQ(request.hash_of("sk-22"), access::hash_key("sk-22"));
    EXPECT_EQ(request.hash_of("sk-2"), access::hash_key("sk-2"));
    EXPECT_EQ(Request{}.hash_of(""), access::hash_key(""));
}

TEST(Auth, geminis_routes_take_the_key_from_the_query_too) {
    const auto asked = [](const char* target, const char* header = "") {
        boost::beast::http::request_header<> head;
        head.method(boost::beast::http::verb::post);
        head.target(target);
        if (*header) head.set("x-goog-api-key", header);
        Request request;
        request.take_head(std::move(head));
        return !check_key(request, kMaster);
    };
    EXPECT_TRUE(asked("/v1beta/models/m:generateContent?key=sk-master"));
    EXPECT_TRUE(asked("/v1beta/models/m:streamGenerateContent?alt=sse&key=sk%2Dmaster"));
    EXPECT_FALSE(asked("/v1beta/models/m:generateContent?key=sk-other"));
    EXPECT_FALSE(asked("/v1beta/models/m:generateContent"));
    EXPECT_FALSE(asked("/v1beta/models/m:generateContent?key=sk-master", "sk-other"))
        << "a header goes before it";
    EXPECT_FALSE(asked("/v1/chat/completions?key=sk-master"));
}

TEST(Auth, the_key_may_come_in_any_of_the_headers) {
    EXPECT_TRUE(passes({{"Authorization", "Bearer sk-master"}}));
    EXPECT_TRUE(passes({{"authorization", "bearer   sk-master"}}));
    EXPECT_TRUE(passes({{"Authorization", "Basic sk-master"}}));
    EXPECT_TRUE(passes({{"api-key", "sk-master"}}));
    EXPECT_TRUE(passes({{"api-key", "Bearer sk-master"}}));
    EXPECT_TRUE(passes({{"x-api-key", "sk-master"}}));
    EXPECT_TRUE(passes({{"x-litellm-api-key", "sk-master"}}));
    EXPECT_TRUE(passes({{"X-LiteLLM-API-Key", "Bearer sk-master"}}));
    EXPECT_TRUE(passes({{"x-goog-api-key", "sk-master"}}));
    EXPECT_TRUE(passes({{"Ocp-Apim-Subscription-Key", "sk-master"}}));
    EXPECT_FALSE(passes({{"x-goog-api-key", "sk-other"}}));
    EXPECT_FALSE(passes({{"x-api-key", "sk-other"}, {"x-goog-api-key", "sk-master"}}));
}

TEST(Auth, the_header_that_the_operator_names_goes_before_the_others) {
    const auto asked = [](std::initializer_list<std::pair<std::string_view, std::string_view>> of) {
        Request request = with(of);
        request.key_header = "X-Gate";
        return !check_key(request, kMaster);
    };
    EXPECT_TRUE(asked({{"x-gate", "Bearer sk-master"}, {"Authorization", "Bearer sk-provider"}}));
    EXPECT_TRUE(asked({{"X-GATE", "sk-master"}, {"x-litellm-api-key", "sk-other"}}));
    EXPECT_FALSE(asked({{"x-gate", "sk-other"}, {"Authorization", "Bearer sk-master"}}));
    EXPECT_TRUE(asked({{"Authorization", "Bearer sk-master"}})) << "without it the others count";
    EXPECT_FALSE(passes({{"x-gate", "sk-master"}})) << "nobody has named it";
}

TEST(Auth, a_browser_offers_its_key_as_a_subprotocol) {
    EXPECT_TRUE(passes({{"Sec-WebSocket-Protocol", "realtime,openai-insecure-api-key.sk-master"}}));
    EXPECT_TRUE(passes({{"Sec-WebSocket-Protocol",
                         "openai-insecure-api-key.sk-master , openai-beta.realtime-v1"}}));
    EXPECT_FALSE(passes({{"Sec-WebSocket-Protocol", "openai-insecure-api-key.sk-other"}}));
    EXPECT_FALSE(passes({{"Sec-WebSocket-Protocol", "sk-master"}}));
    EXPECT_FALSE(passes({{"Authorization", "Bearer sk-other"},
                         {"Sec-WebSocket-Protocol", "openai-insecure-api-key.sk-master"}}));
}

TEST(Auth, the_first_header_that_is_there_counts) {
    EXPECT_TRUE(passes({{"x-litellm-api-key", "sk-master"}, {"Authorization", "Bearer sk-wrong"}}));
    EXPECT_FALSE(
        passes({{"x-litellm-api-key", "sk-wrong"}, {"Authorization", "Bearer sk-master"}}));
    EXPECT_FALSE(passes({{"Authorization", "Bearer sk-wrong"}, {"api-key", "sk-master"}}));
    EXPECT_FALSE(passes({{"api-key", "sk-wrong"}, {"x-api-key", "sk-master"}}));
}

TEST(Auth, anything_else_is_refused_without_repeating_the_key) {
    const auto refused = [](std::string_view name, std::string_view value) {
        const auto error = check_key(value.empty() ? Request{} : with({{name, value}}), kMaster);
        EXPECT_TRUE(error) << value;
        if (!error) return std::string();
        EXPECT_EQ(error->status(), 401);
        EXPECT_THAT(error->message, Not(HasSubstr("sk-wrong")));
        EXPECT_THAT(error->message, testing::StartsWith("Authentication Error, "));
        return error->message;
    };
    EXPECT_THAT(refused("", ""), HasSubstr("No api key passed in."));
    EXPECT_THAT(refused("Authorization", "sk-master"), HasSubstr("Malformed API Key"));
    EXPECT_THAT(refused("Authorization",
                        "AWS4-HMAC-SHA256 Credential=sk-master/20261128/us-east-1/bedrock/"
                        "aws4_request, SignedHeaders=host, Signature=00"),
                HasSubstr("AWS_BEARER_TOKEN_BEDROCK"));
    EXPECT_THAT(refused("Authorization", "Bearer"), HasSubstr("Malformed API Key"));
    EXPECT_THAT(refused("Authorization", "Bearer wrong"), HasSubstr("Virtual Key expected"));
    EXPECT_THAT(refused("Authorization", "Bearer sk-wrong"),
                HasSubstr("Invalid proxy server token"));
    EXPECT_THAT(refused("x-api-key", "sk-maste"), HasSubstr("Invalid proxy server token"));
}

}  // namespace
}  // namespace patchbay::gateway
