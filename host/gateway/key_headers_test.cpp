#include "gateway/key_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"

namespace patchbay::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kUpstream =
    "x-ratelimit-remaining-requests: 99\r\nllm_provider-server: x\r\n";

std::string head_of(const store::KeyRecord& record) {
    access::SubjectTable subjects;
    const auto principal = access::test::principal_of(record, subjects);
    access::Subject& key = *principal->limits.front().subject;
    key.requests.take(10, 4, access::RateWindow::clock());
    ResponseHead head(200);
    add_key_headers(head, *principal, kUpstream);
    return std::move(head).with_length(0, true);
}

TEST(KeyHeaders, tell_limits_that_there_are_and_what_is_left) {
    auto record = access::test::member_record();
    record.limits.rpm = 10;
    record.limits.tpm = 1000;
    record.limits.max_nano = 2'500'000'000;
    record.limits.spent = 500'000'000;
    record.team.limits.rpm = 7;
    const std::string head = head_of(record);
    for (const char* line : {
             "x-litellm-key-rpm-limit: 10\r\n",
             "x-litellm-key-tpm-limit: 1000\r\n",
             "x-litellm-key-max-budget: 2.5\r\n",
             "x-litellm-key-spend: 0.5\r\n",
             "x-ratelimit-limit-requests: 10\r\n",
             "x-ratelimit-remaining-requests: 6\r\n",
             "x-ratelimit-api_key-remaining-requests: 6\r\n",
             "x-ratelimit-api_key-remaining-tokens: 1000\r\n",
             "x-ratelimit-team-limit-requests: 7\r\n",
             "llm_provider-server: x\r\n",
         }) {
        EXPECT_THAT(head, HasSubstr(line));
    }
    EXPECT_THAT(head, Not(HasSubstr("remaining-requests: 99"))) << "the provider's";
    EXPECT_THAT(head, Not(HasSubstr("x-ratelimit-user")));
}

TEST(KeyHeaders, leave_the_providers_where_the_key_has_no_limits) {
    const std::string head = head_of(access::test::key_record());
    EXPECT_THAT(head, HasSubstr("x-ratelimit-remaining-requests: 99\r\n"));
    EXPECT_THAT(head, Not(HasSubstr("x-litellm-key")));
}

}  // namespace
}  // namespace patchbay::gateway
