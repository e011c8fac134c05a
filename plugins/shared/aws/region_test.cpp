#include "region.hpp"

#include <gtest/gtest.h>

namespace patchbay::aws {
namespace {

TEST(Region, EndpointsStandInTheDomainOfTheirPartition) {
    const struct {
        const char* region;
        const char* url;
    } cases[] = {
        {"us-east-1", "https://sts.us-east-1.amazonaws.com"},
        {"us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com"},
        {"cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"},
        {"us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"},
        {"us-isob-east-1", "https://sts.us-isob-east-1.sc2s.sgov.gov"},
        {"us-isof-south-1", "https://sts.us-isof-south-1.csp.hci.ic.gov"},
        {"eu-isoe-west-1", "https://sts.eu-isoe-west-1.cloud.adc-e.uk"},
        {"eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"},
    };
    for (const auto& [region, url] : cases) {
        EXPECT_TRUE(is_region(region));
        EXPECT_EQ(endpoint("sts", region), url);
    }
}

TEST(Region, WhatIsNoNameOfARegionIsToldApart) {
    for (const char* text : {"", "us", "us-east", "us-east-", "useast-1", "us-east-1.evil.example",
                             "US-EAST-1", "us-east-1a", "-us-1", "us/east-1", "us-east-100"}) {
        EXPECT_FALSE(is_region(text)) << text;
    }
}

TEST(Region, AnArnNamesItsRegion) {
    EXPECT_EQ(
        region_of_arn("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"),
        "us-east-1");
    EXPECT_EQ(region_of_arn("arn:aws:iam::123456789012:role/r"), "");
    EXPECT_EQ(region_of_arn("anthropic.claude-v2:1"), "");
    EXPECT_EQ(region_of_arn("arn:aws:bedrock"), "");
}

}  // namespace
}  // namespace patchbay::aws
