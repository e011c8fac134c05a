// SPDX-License-Identifier: Apache-2.0
#include "address.hpp"

#include <gtest/gtest.h>

namespace patchbay::predibase {
namespace {

TEST(PredibaseAddress, ItMayBeGivenWhole) {
    constexpr const char* kWhole = "https://h.test/t/deployments/v2/llms/m/generate";
    EXPECT_EQ(generate_url("https://h.test/", "t", "m", false), kWhole);
    EXPECT_EQ(generate_url(kWhole, "t", "m", false), kWhole);
    EXPECT_EQ(generate_url(kWhole, "t", "m", true), std::string(kWhole) + "_stream");
    EXPECT_EQ(generate_url("https://h.test", "t", "a/b", true),
              "https://h.test/t/deployments/v2/llms/a%2Fb/generate_stream");
}

}  // namespace
}  // namespace patchbay::predibase
