#include "gateway/client_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "patchbay/sdk/text.hpp"

namespace patchbay::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Request with(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    Request request;
    for (const auto& [name, value] : headers) request.head.insert(name, value);
    return request;
}

std::vector<std::string> seen(const Request& request, bool forward_all = false,
                              HeadersFor operation = HeadersFor::chat) {
    std::vector<std::string> list;
    const ClientHeaders headers(request, operation, forward_all);
    for (const bay_kv& header : headers.list()) {
        list.push_back(std::string(bay::sv(header.name)) + ": " +
                       std::string(bay::sv(header.value)));
    }
    return list;
}

TEST(ClientHeaders, those_that_switch_features_on_are_passed_on) {
    const Request request = with({{"Anthropic-Beta", "context-1m-2025-08-07"},
                                  {"anthropic-beta", "other"},
                                  {"Anthropic-Version", "2023-06-01"},
                                  {"OpenAI-Beta", "realtime=v1"}});
    EXPECT_THAT(seen(request),
                ElementsAre("anthropic-beta: context-1m-2025-08-07", "anthropic-beta: other",
                            "anthropic-version: 2023-06-01"));
    EXPECT_THAT(seen(request, false, HeadersFor::realtime),
                ElementsAre("openai-beta: realtime=v1"));
}

const std::initializer_list<std::pair<std::string_view, std::string_view>> kNever = {
    {"Authorization", "Bearer sk-1"},
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
    EXPECT_THAT(seen(with(kNever)), IsEmpty());
    EXPECT_THAT(seen(with(kNever), true), IsEmpty());
}

TEST(ClientHeaders, the_others_with_x_are_if_the_operator_says_so) {
    const Request request = with({{"X-Team", "blue"}, {"x-trace", "1"}, {"Xy", "2"}});
    EXPECT_THAT(seen(request), IsEmpty());
    EXPECT_THAT(seen(request, true), ElementsAre("X-Team: blue", "x-trace: 1"));
}

TEST(ClientHeaders, their_number_is_bounded) {
    Request request;
    for (int i = 0; i < 500; ++i) request.head.insert("anthropic-beta", "b");
    EXPECT_THAT(seen(request), SizeIs(ClientHeaders::kMost));
}

}  // namespace
}  // namespace patchbay::gateway
