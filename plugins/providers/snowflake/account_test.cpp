// SPDX-License-Identifier: Apache-2.0
#include "account.hpp"

#include <gtest/gtest.h>

namespace patchbay::snowflake {
namespace {

TEST(Account, TheKeySaysOfWhatKindItIs) {
    EXPECT_EQ(token_of("eyJ").value, "eyJ");
    EXPECT_EQ(token_of("eyJ").type, "KEYPAIR_JWT");
    EXPECT_EQ(token_of("pat/abc").value, "abc");
    EXPECT_EQ(token_of("pat/abc").type, "PROGRAMMATIC_ACCESS_TOKEN");
}

TEST(Account, ItsHostIsMadeOfItsName) {
    EXPECT_EQ(account_url("org-acct"), "https://org-acct.snowflakecomputing.com/api/v2");
    for (const char* none : {"", "a/b", "a@b", "a b", "a:1"})
        EXPECT_EQ(account_url(none), "") << none;
    EXPECT_EQ(messages_url("https://a.test/api/v2"), "https://a.test/api/v2/cortex/v1/messages");
}

}  // namespace
}  // namespace patchbay::snowflake
