#include "engine/call/upstream_headers.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string told(const std::vector<http::Header>& headers, std::string secret = {}) {
    UpstreamHeaders upstream;
    const std::vector<Secret> secrets{Secret(std::string("sk-another")), Secret(std::move(secret))};
    upstream.take(headers, secrets);
    return std::string(upstream.lines());
}

TEST(UpstreamHeaders, each_is_told_with_a_prefix) {
    EXPECT_EQ(told({{"openai-processing-ms", "12"}, {"server", "cloudflare"}}),
              "llm_provider-openai-processing-ms: 12\r\nllm_provider-server: cloudflare\r\n");
}

TEST(UpstreamHeaders, limits_and_the_id_of_the_request_keep_their_names_too) {
    const std::string lines = told({{"x-request-id", "req_up"},
                                    {"x-ratelimit-remaining-tokens", "7"},
                                    {"x-ratelimit-reset-requests", "1s"}});
    EXPECT_THAT(lines, HasSubstr("llm_provider-x-request-id: req_up\r\n"));
    EXPECT_THAT(lines, HasSubstr("\r\nrequest-id: req_up\r\n"));
    EXPECT_THAT(lines, HasSubstr("\r\nx-ratelimit-remaining-tokens: 7\r\n"));
    EXPECT_THAT(lines, HasSubstr("\r\nx-ratelimit-reset-requests: 1s\r\n"));
}

TEST(UpstreamHeaders, limits_of_anthropic_are_told_by_the_names_that_sdks_know) {
    const std::string lines = told({{"anthropic-ratelimit-requests-limit", "50"},
                                    {"anthropic-ratelimit-tokens-remaining", "999"},
                                    {"request-id", "req_a"}});
    EXPECT_THAT(lines, HasSubstr("\r\nx-ratelimit-limit-requests: 50\r\n"));
    EXPECT_THAT(lines, HasSubstr("\r\nx-ratelimit-remaining-tokens: 999\r\n"));
    EXPECT_THAT(lines, HasSubstr("\r\nrequest-id: req_a\r\n"));
}

TEST(UpstreamHeaders, the_id_of_the_request_is_told_once) {
    UpstreamHeaders upstream;
    EXPECT_FALSE(upstream.names_request());
    upstream.take(std::vector<http::Header>{{"x-request-id", "a"}, {"request-id", "b"}}, {});
    EXPECT_TRUE(upstream.names_request());
    EXPECT_EQ(upstream.lines(),
              "llm_provider-x-request-id: a\r\nrequest-id: a\r\nllm_provider-request-id: b\r\n");
    upstream.take(std::vector<http::Header>{{"server", "s"}}, {});
    EXPECT_FALSE(upstream.names_request());
}

TEST(UpstreamHeaders, what_another_gateway_has_prefixed_is_not_prefixed_again) {
    EXPECT_EQ(told({{"llm_provider-server", "s"}}), "llm_provider-server: s\r\n");
}

TEST(UpstreamHeaders, cookies_framing_keys_and_unfit_values_are_left_out) {
    for (const char* name :
         {"set-cookie", "transfer-encoding", "content-length", "content-encoding", "connection",
          "keep-alive", "upgrade", "trailer", "proxy-authenticate", "authorization", "x-api-key"}) {
        EXPECT_EQ(told({{name, "1"}}), "") << name;
    }
    EXPECT_EQ(told({{"x-a", "b\r\nset-cookie: c"}}), "");
    EXPECT_EQ(told({{"x-a", "\x1b[2J"}}), "");
    EXPECT_EQ(told({{"x-a", std::string_view("\0", 1)}}), "");
    EXPECT_EQ(told({{"x-echo", "Bearer sk-upstream"}}, "sk-upstream"), "");
    EXPECT_EQ(told({{"x-echo", "sk-another"}}), "");
    EXPECT_THAT(told({{"x-a", "b"}}, ""), Not(testing::IsEmpty()));
}

TEST(UpstreamHeaders, their_number_and_size_are_bounded) {
    const std::vector<http::Header> many(500, {"a", "b"});
    EXPECT_EQ(told(many).size(),
              UpstreamHeaders::kMost * std::string("llm_provider-a: b\r\n").size());
    const std::string long_value(5000, 'x');
    const std::string lines = told({{"a", long_value}, {"b", long_value}, {"c", "short"}});
    EXPECT_LE(lines.size(), UpstreamHeaders::kMaxBytes);
    EXPECT_THAT(lines, HasSubstr("llm_provider-a: x"));
    EXPECT_THAT(lines, HasSubstr("llm_provider-c: short\r\n"));
    EXPECT_THAT(lines, Not(HasSubstr("llm_provider-b")));
}

TEST(UpstreamHeaders, those_of_another_attempt_take_their_place) {
    UpstreamHeaders upstream;
    upstream.take(std::vector<http::Header>{{"a", "1"}}, {});
    upstream.take(std::vector<http::Header>{{"b", "2"}}, {});
    EXPECT_EQ(upstream.lines(), "llm_provider-b: 2\r\n");
    upstream.clear();
    EXPECT_EQ(upstream.lines(), "");
}

}  // namespace
}  // namespace patchbay
