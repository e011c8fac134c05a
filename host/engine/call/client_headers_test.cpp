#include "engine/call/client_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/hub/count_tokens.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Given = std::vector<http::Header>;

std::vector<std::string> seen(const Given& given, bool forward_all = false,
                              const Operation& operation = kChatCompletions) {
    std::vector<std::string> list;
    Caller caller;
    caller.headers = given;
    const ClientHeaders headers(caller, operation, forward_all);
    for (const bay_kv& header : headers.list()) {
        list.push_back(std::string(bay::sv(header.name)) + ": " +
                       std::string(bay::sv(header.value)));
    }
    return list;
}

TEST(ClientHeaders, a_beta_that_stands_in_the_body_is_passed_on_where_betas_are) {
    const Caller caller;
    const ClientHeaders headers(caller, kMessages, false, "a,b");
    ASSERT_THAT(headers.list(), SizeIs(1));
    EXPECT_EQ(bay::sv(headers.list()[0].name), "anthropic-beta");
    EXPECT_EQ(bay::sv(headers.list()[0].value), "a,b");
    EXPECT_THAT(ClientHeaders(caller, kRealtime, false, "a,b").list(), IsEmpty());
}

TEST(ClientHeaders, those_that_switch_features_on_are_passed_on) {
    const Given request{{"Anthropic-Beta", "context-1m-2025-08-07"},
                        {"anthropic-beta", "other"},
                        {"Anthropic-Version", "2023-06-01"},
                        {"OpenAI-Beta", "realtime=v1"}};
    for (const Operation* operation : {&kChatCompletions, &kCountChat, &kMessages, &kCountTokens}) {
        EXPECT_THAT(seen(request, false, *operation),
                    ElementsAre("anthropic-beta: context-1m-2025-08-07", "anthropic-beta: other",
                                "anthropic-version: 2023-06-01"))
            << operation->id;
    }
    EXPECT_THAT(seen(request, false, kRealtime), ElementsAre("openai-beta: realtime=v1"));
}

const Given kNever = {{"Authorization", "Bearer sk-1"},
                      {"X-API-Key", "sk-1"},
                      {"api-key", "sk-1"},
                      {"x-goog-api-key", "sk-1"},
                      {"x-litellm-tags", "t"},
                      {"X-LiteLLM-API-Key", "sk-1"},
                      {"Cookie", "c=1"},
                      {"X-Stainless-OS", "Linux"},
                      {"Host", "gateway"},
                      {"Content-Length", "5"},
                      {"User-Agent", "a"},
                      {"X-Auth-Token", "t"}};

TEST(ClientHeaders, keys_cookies_and_what_is_for_the_gateway_never_are) {
    EXPECT_THAT(seen(kNever), IsEmpty());
    EXPECT_THAT(seen(kNever, true), IsEmpty());
}

TEST(ClientHeaders, the_header_that_the_operator_names_for_keys_is_not_passed_on) {
    Caller caller;
    const Given given{
        {"X-Gate", "Bearer none"}, {"X-Copy", "sk-of-gateway"}, {"x-gate", "sk-of-gateway"}};
    caller.headers = given;
    EXPECT_THAT(ClientHeaders(caller, kChatCompletions, true, {}, "x-gate").list(), IsEmpty());
    EXPECT_THAT(ClientHeaders(caller, kChatCompletions, true).list(), SizeIs(3));
}

TEST(ClientHeaders, a_key_under_a_name_of_the_operators_own_is_not_passed_on) {
    for (const char* name : {"Authorization", "api-key", "X-LiteLLM-API-Key"}) {
        const Given request{{name, "Bearer sk-of-the-gateway"},
                            {"X-My-Key", "Bearer sk-of-the-gateway"},
                            {"X-Other", "sk-of-the-gateway"},
                            {"X-Team", "blue"}};
        EXPECT_THAT(seen(request, true), ElementsAre("X-Team: blue")) << name;
    }
    const Given open{{"Authorization", "Bearer none"}, {"X-Proxy", "none"}};
    EXPECT_THAT(seen(open, true), ElementsAre("X-Proxy: none"));
}

TEST(ClientHeaders, the_others_with_x_are_if_the_operator_says_so) {
    const Given request{{"X-Team", "blue"}, {"x-trace", "1"}, {"Xy", "2"}};
    EXPECT_THAT(seen(request), IsEmpty());
    EXPECT_THAT(seen(request, true), ElementsAre("X-Team: blue", "x-trace: 1"));
}

TEST(ClientHeaders, their_number_is_bounded) {
    const Given request(500, {"anthropic-beta", "b"});
    EXPECT_THAT(seen(request), SizeIs(ClientHeaders::kMost));
}

}  // namespace
}  // namespace patchbay
