#include "engine/http/client.hpp"

#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"

namespace patchbay::http::testing {
namespace {

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers every request of a connection with `answer`.
ScriptedServer::Script always(std::string answer) {
    return [answer](Peer& peer, int) -> asio::awaitable<void> {
        for (std::string request = co_await peer.request(); !request.empty();) {
            co_await peer.send(answer);
            request = co_await peer.request();
        }
    };
}

/// Answers one request and closes.
ScriptedServer::Script once(std::string answer) {
    return [answer](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(answer);
    };
}

TEST(Client, WritesTheHeadAndReadsTheAnswer) {
    Fixture loop;
    std::string seen;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        seen = co_await peer.request();
        co_await peer.send(
            "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    });
    const Outcome outcome = loop.fetch(
        server.url("/v1/chat?x=1"),
        {.headers = {{"Authorization", "Bearer k"}, {"HOST", "evil"}, {"content-length", "9"}},
         .body = "abc"});
    EXPECT_FALSE(outcome.failure);
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.content_type, "text/plain");
    EXPECT_EQ(outcome.body, "hello");
    EXPECT_EQ(seen, "POST /v1/chat?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" +
                        std::to_string(server.port()) +
                        "\r\nAuthorization: Bearer k\r\nContent-Length: 3\r\n"
                        "Accept-Encoding: identity\r\n\r\nabc");
}

TEST(Client, UsesAConnectionAgain) {
    Fixture loop;
    ScriptedServer server(loop.io, always(kOk));
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(loop.fetch(server.url()).body, "ok");
        EXPECT_EQ(loop.client->idle_connections(), 1u);
        EXPECT_EQ(loop.client->open_connections(), 0u);
    }
    EXPECT_EQ(server.accepted(), 1);
}

}  // namespace
}  // namespace patchbay::http::testing
