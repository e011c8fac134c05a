// SPDX-License-Identifier: Apache-2.0
#include "place.hpp"

#include <gtest/gtest.h>

namespace patchbay::watsonx {
namespace {

TEST(WatsonxPlace, TheAddressIsTheApisWhateverPartOfItIsGiven) {
    constexpr const char* kPlain = "https://h.test/ml/v1?version=v";
    for (const char* base : {"https://h.test", "https://h.test/", "https://h.test/ml/v1",
                             "https://h.test/ml/v1/text/chat?version=2020-01-01"}) {
        EXPECT_EQ(address_of(base, "ibm/granite", "v"), kPlain) << base;
    }
    EXPECT_EQ(address_of("https://h.test", "deployment/d 1", "2024-03-13"),
              "https://h.test/ml/v1/deployments/d%201?version=2024-03-13");
    EXPECT_EQ(address_of("", "m", "v"), "");
}

TEST(WatsonxPlace, ARegionIsAPartOfAHostsName) {
    EXPECT_EQ(region_url("eu-de"), "https://eu-de.ml.cloud.ibm.com");
    for (const char* none : {"", "a/b", "a@b", "a.b", "A"}) EXPECT_EQ(region_url(none), "") << none;
}

TEST(WatsonxPlace, OnlyAnAddressOfTheOperatorsStandsInForIam) {
    EXPECT_EQ(token_url_of("http://proxy.test:8080/wx/ml/v1"),
              "http://proxy.test:8080/wx/identity/token");
    EXPECT_EQ(token_url_of("https://proxy.test"), "https://proxy.test/identity/token");
    for (const char* none :
         {"", "https://us-south.ml.cloud.ibm.com", "https://us-south.ml.cloud.ibm.com:443/ml/v1"}) {
        EXPECT_EQ(token_url_of(none), "") << none;
    }
}

TEST(WatsonxPlace, AKeyIsAskedForItsTokenInAForm) {
    EXPECT_EQ(token_form("a+b&c"),
              "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=a%2Bb%26c");
}

}  // namespace
}  // namespace patchbay::watsonx
