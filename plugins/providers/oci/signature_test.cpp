// SPDX-License-Identifier: Apache-2.0
#include "signature.hpp"

#include <gtest/gtest.h>

#include "deployment.hpp"

namespace patchbay::oci {
namespace {

TEST(OciSignature, DatesAreAsHttpWritesThem) {
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(http_date(784'111'777'999), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(1'709'164'799'000), "Wed, 28 Feb 2024 23:59:59 GMT");
}

TEST(OciSignature, DigestsHavePadding) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("\xfb\xff"), "+/8=");
    EXPECT_EQ(base64("a"), "YQ==");
    EXPECT_EQ(base64("abc"), "YWJj");
}

TEST(OciDeployment, ItsAddressIsTheRegionsOrTheOperators) {
    EXPECT_EQ(action_url("", "eu-frankfurt-1", "chat"),
              "https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com/20231130/actions/"
              "chat");
    EXPECT_EQ(action_url("https://h.test/", "x", "embedText"),
              "https://h.test/20231130/actions/embedText");
    EXPECT_EQ(action_url("https://h.test/20231130/actions/chat", "x", "embedText"),
              "https://h.test/20231130/actions/embedText");
    EXPECT_EQ(action_url("", "a/b", "chat"), "");
    EXPECT_EQ(action_url("", "a@b", "chat"), "");
}

}  // namespace
}  // namespace patchbay::oci
