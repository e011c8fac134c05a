// Test support: what a client is sent by an HttpAnswer that a test drives.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "gateway/http_answer.hpp"
#include "gateway/server_fixture.hpp"

namespace patchbay::gateway::test {

/// Another name stands where the model's was.
inline Restamped mine() {
    return {R"({"model":"up"})", {Restamped::Stamp{{9, 4}, R"("mine")"}}};
}

class HttpAnswerTest : public testing::Test {
  protected:
    using Script = std::function<asio::awaitable<void>(HttpAnswer& answer)>;

    /// What a client is sent by a handler that drives an answer.
    std::string sent(Script script, std::string_view version = "1.1", bool stream = true,
                     const Surface& surface = kChatSurface) {
        StubHandler handler;
        handler.instead = [&](Connection& connection, Request& request) -> asio::awaitable<void> {
            Served served(fixture.server, connection, request, "/chat/completions");
            served.begin_call(surface).ask.scan.stream = stream;
            HttpAnswer answer(served);
            auto work = script(answer);
            co_await std::move(work);
            committed = answer.committed();
        };
        const auto client = fixture.harness.connect(handler);
        fixture.harness.say(*client, "POST / HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n");
        closed = client->closed;
        return client->received;
    }
    /// The body of a chunked answer.
    static std::string unchunked(const std::string& answer) {
        std::string body;
        std::size_t at = answer.find("\r\n\r\n") + 4;
        for (;;) {
            std::size_t digits = 0;
            const std::size_t size = std::stoul(answer.substr(at), &digits, 16);
            EXPECT_EQ(answer.substr(at + digits, 2), "\r\n");
            at += digits + 2;
            body += answer.substr(at, size);
            at += size;
            EXPECT_EQ(answer.substr(at, 2), "\r\n");
            at += 2;
            if (size == 0) break;
        }
        EXPECT_EQ(at, answer.size());
        return body;
    }

    ServerFixture fixture;
    bool committed = false;
    bool closed = false;
};

}  // namespace patchbay::gateway::test
