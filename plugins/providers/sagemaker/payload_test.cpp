// SPDX-License-Identifier: Apache-2.0
#include "payload.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "endpoint.hpp"

namespace patchbay::sagemaker {
namespace {

constexpr std::string_view kStream =
    "data: {\"a\":1}\r\n\r\n: remark\nevent: message\ndata:{\"b\":2}\n\n{\"c\":3}\ndata: "
    "[DONE]\n\n{\"d\":4}";

TEST(SagemakerPayload, EventsAreTheSameHoweverTheyAreCut) {
    for (std::size_t size = 1; size <= kStream.size(); ++size) {
        Payload payload;
        std::vector<std::string> events;
        for (std::size_t at = 0; at < kStream.size(); at += size) {
            ASSERT_TRUE(payload.add(kStream.substr(at, size)));
            while (const auto event = payload.next()) events.emplace_back(*event);
        }
        EXPECT_TRUE(payload.done());
        if (const auto event = payload.rest()) events.emplace_back(*event);
        EXPECT_EQ(events,
                  (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}"}))
            << size;
        EXPECT_FALSE(payload.rest());
    }
}

TEST(SagemakerPayload, AnEventHasABound) {
    Payload payload;
    EXPECT_TRUE(payload.add(std::string(Payload::kLongest, 'x')));
    EXPECT_FALSE(payload.add("x"));
}

TEST(SagemakerEndpoint, ItsAddressMayBeGivenWhole) {
    constexpr const char* kWhole = "https://h.test/endpoints/my-ep/invocations";
    EXPECT_EQ(invocations_url("https://h.test", "my-ep"), kWhole);
    EXPECT_EQ(invocations_url("https://h.test/", "my-ep"), kWhole);
    EXPECT_EQ(invocations_url(kWhole, "other"), kWhole);
    EXPECT_EQ(invocations_url(std::string(kWhole) + "-response-stream", "other"), kWhole);
    EXPECT_EQ(invocations_url("https://h.test", "a/b"),
              "https://h.test/endpoints/a%2Fb/invocations");
}

}  // namespace
}  // namespace patchbay::sagemaker
