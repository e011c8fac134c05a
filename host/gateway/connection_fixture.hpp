// Test support: requests as bytes, and a fixture that says them to a fresh connection.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/test_support.hpp"

namespace patchbay::gateway::test {

/// One request in both framings, and one without a body.
inline constexpr std::string_view kPost =
    "POST /v1/x?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
inline constexpr std::string_view kChunked =
    "POST /v1/x?a=b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: t\r\n\r\n";
inline constexpr std::string_view kGet = "GET /get HTTP/1.1\r\nHost: h\r\n\r\n";

/// What the handler sees of kPost, and of kChunked.
inline const StubHandler::Seen kSeen{"POST", "/v1/x", "a=b", "hello", true};

class ConnectionTest : public testing::Test {
  protected:
    /// What a fresh connection answers to these bytes, with whether it closed.
    std::pair<std::string, bool> answer(std::string_view bytes, ConnectionLimits limits = {}) {
        const auto client = harness.connect(handler, limits);
        harness.say(*client, bytes);
        return {client->received, client->closed};
    }

    StubHandler handler;
    Harness harness;
};

}  // namespace patchbay::gateway::test
