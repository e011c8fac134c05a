#include "engine/http/client.hpp"

#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"

namespace patchbay::http::testing {
namespace {

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
    EXPECT_EQ(seen,
              "POST /v1/chat?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
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

TEST(Client, ReusesTheLastUsedConnectionFirst) {
    Fixture loop;
    std::vector<int> used;
    ScriptedServer server(loop.io, [&](Peer& peer, int index) -> asio::awaitable<void> {
        for (std::string request = co_await peer.request(); !request.empty();) {
            used.push_back(index);
            co_await peer.send(kOk);
            request = co_await peer.request();
        }
    });
    int done = 0;
    const auto count = [&](std::exception_ptr, const Outcome&) { ++done; };
    asio::co_spawn(loop.io, loop.exchange(server.url(), {}), count);
    asio::co_spawn(loop.io, loop.exchange(server.url(), {}), count);
    loop.until([&] { return done == 2; });
    EXPECT_EQ(loop.client->idle_connections(), 2u);
    loop.fetch(server.url());
    loop.fetch(server.url());
    ASSERT_EQ(used.size(), 4u);
    EXPECT_EQ(used[2], used[1]);
    EXPECT_EQ(used[3], used[1]);
}

TEST(Client, KeepsNoMoreIdleConnectionsThanAllowed) {
    Fixture loop({.idle_per_origin = 1});
    ScriptedServer server(loop.io, always(kOk));
    int done = 0;
    const auto count = [&](std::exception_ptr, const Outcome&) { ++done; };
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(loop.io, loop.exchange(server.url(), {}), count);
    }
    loop.until([&] { return done == 3 && server.finished() == 2; });
    EXPECT_EQ(loop.client->idle_connections(), 1u);
}

TEST(Client, ClosesConnectionsThatWereIdleTooLong) {
    Fixture loop({.idle_timeout = std::chrono::milliseconds(20)});
    ScriptedServer server(loop.io, always(kOk));
    loop.fetch(server.url());
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(loop.client->idle_connections(), 0u);
}

TEST(Client, NoticesThatAnIdleConnectionWasClosed) {
    Fixture loop;
    ScriptedServer server(loop.io, once(kOk));
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    loop.until([&] { return loop.client->idle_connections() == 0; });
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    EXPECT_EQ(server.accepted(), 2);
}

TEST(Client, DropsAnIdleConnectionOnWhichBytesCome) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(kOk);
        co_await peer.send(kOk);
        co_await peer.closed();
    });
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(loop.client->idle_connections(), 0u);
}

TEST(Client, DoesNotReuseAConnectionWithExtraBytes) {
    Fixture loop;
    ScriptedServer server(loop.io, always(std::string(kOk) + kOk));
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    EXPECT_EQ(loop.client->idle_connections(), 0u);
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    EXPECT_EQ(server.accepted(), 2);
}

TEST(Client, DoesNotReuseAConnectionTheServerWillClose) {
    Fixture loop;
    ScriptedServer server(
        loop.io, always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
    EXPECT_EQ(loop.client->idle_connections(), 0u);
}

/// Answers the first request of the first connection, closes on its second one.
ScriptedServer::Script stale(std::string before_close) {
    return [before_close](Peer& peer, int index) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(kOk);
        co_await peer.request();
        const std::string answer = index == 0 ? before_close : std::string(kOk);
        co_await peer.send(answer);
    };
}

TEST(Client, SendsARepeatableRequestAgainWhenThePooledConnectionWasStale) {
    Fixture loop;
    ScriptedServer server(loop.io, stale(""));
    loop.fetch(server.url());
    const Outcome outcome = loop.fetch(server.url(), {.repeatable = true});
    EXPECT_FALSE(outcome.failure);
    EXPECT_EQ(outcome.body, "ok");
    EXPECT_EQ(server.accepted(), 2);
}

TEST(Client, DoesNotSendAgainWhatIsNotRepeatable) {
    Fixture loop;
    ScriptedServer server(loop.io, stale(""));
    loop.fetch(server.url());
    const Outcome outcome = loop.fetch(server.url());
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::reset);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, DoesNotSendAgainWhatTheServerHadForAWhile) {
    Fixture loop;
    ScriptedServer server(loop.io, [&](Peer& peer, int index) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(kOk);
        co_await peer.request();
        if (index != 0) co_await peer.send(kOk);
        asio::steady_timer works(loop.io, std::chrono::milliseconds(1100));
        co_await works.async_wait(asio::use_awaitable);
    });
    loop.fetch(server.url());
    const Outcome outcome = loop.fetch(server.url(), {.repeatable = true});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::reset);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, DoesNotSendAgainOnceBytesOfAResponseCame) {
    Fixture loop;
    ScriptedServer server(loop.io, stale("HTTP/1.1 2"));
    loop.fetch(server.url());
    const Outcome outcome = loop.fetch(server.url(), {.repeatable = true});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::reset);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, DoesNotSendAgainOnAFreshConnection) {
    Fixture loop;
    ScriptedServer server(loop.io, once(""));
    const Outcome outcome = loop.fetch(server.url(), {.repeatable = true});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::reset);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, SendsAndReadsLargeBodies) {
    Fixture loop;
    std::string seen;
    const std::string large(3'000'000, 'y');
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        for (seen = co_await peer.request(); !seen.empty();) {
            co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + large);
            std::string next = co_await peer.request();
            if (next.empty()) break;
            seen = std::move(next);
        }
    });
    const std::string body(2'500'000, 'x');
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(loop.fetch(server.url(), {.body = body}).body, large);
        EXPECT_TRUE(seen.ends_with("\r\n\r\n" + body));
    }
    EXPECT_EQ(server.accepted(), 1);
}

TEST(Client, TakesAnAnswerThatComesBeforeTheRequestIsWhole) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        co_await peer.closed();
    });
    const Outcome outcome = loop.fetch(server.url(), {.body = std::string(30'000'000, 'x')});
    EXPECT_FALSE(outcome.failure);
    EXPECT_EQ(outcome.status, 413);
    EXPECT_EQ(outcome.body, "no");
    EXPECT_EQ(loop.client->idle_connections(), 0u);
}

TEST(Client, ReadsABodyDelimitedByClose) {
    Fixture loop;
    ScriptedServer server(loop.io, once("HTTP/1.0 200 OK\r\n\r\nall of it"));
    const Outcome outcome = loop.fetch(server.url());
    EXPECT_FALSE(outcome.failure);
    EXPECT_EQ(outcome.body, "all of it");
}

TEST(Client, HeadHasNoBodyAndKeepsTheConnection) {
    Fixture loop;
    ScriptedServer server(loop.io, always("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"));
    EXPECT_EQ(loop.fetch(server.url(), {.method = "HEAD", .body = ""}).status, 200);
    EXPECT_EQ(loop.client->idle_connections(), 1u);
}

TEST(Client, RefusesToSendWhatHttpCannotCarry) {
    Fixture loop;
    ScriptedServer server(loop.io, always(kOk));
    const std::vector<Header> bad[] = {
        {{"A", "b\r\nC: d"}}, {{"A", "b\n"}}, {{"A", std::string_view("\0", 1)}},
        {{"A b", "c"}},       {{"", "c"}},    {{"A\r\nB", "c"}}};
    for (const auto& headers : bad) {
        const Outcome outcome = loop.fetch(server.url(), {.headers = headers});
        ASSERT_TRUE(outcome.failure);
        EXPECT_EQ(outcome.failure->kind, FailureKind::framing);
    }
    const Outcome outcome = loop.fetch(server.url(), {.method = "GET /x HTTP/1.1\r\nA:"});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::framing);
}

TEST(Client, ResolvesNamesAndSaysWhichItCannot) {
    Fixture loop;
    ScriptedServer server(loop.io, always(kOk));
    EXPECT_EQ(loop.fetch(server.url("/", "localhost")).body, "ok");
    const Outcome outcome = loop.fetch("http://no-such-name.invalid/");
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::connect);
    EXPECT_NE(outcome.failure->text.find("no-such-name.invalid:80"), std::string::npos);
}

TEST(Client, SendsHttpRequestsThroughAProxyInAbsoluteForm) {
    Fixture loop;
    std::string seen;
    ScriptedServer proxy(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        seen = co_await peer.request();
        co_await peer.send(kOk);
    });
    loop.open({.http_proxy = "http://u:p@127.0.0.1:" + std::to_string(proxy.port())});
    EXPECT_EQ(loop.fetch("http://upstream.invalid:81/x").body, "ok");
    EXPECT_TRUE(
        seen.starts_with("POST http://upstream.invalid:81/x HTTP/1.1\r\n"
                         "Host: upstream.invalid:81\r\n"))
        << seen;
    EXPECT_NE(seen.find("Proxy-Authorization: Basic dTpw\r\n"), std::string::npos);
}

TEST(Client, GoesAroundTheProxyWhereNoProxySaysSo) {
    Fixture loop;
    ScriptedServer server(loop.io, always(kOk));
    loop.open({.http_proxy = "http://127.0.0.1:1", .no_proxy = "127.0.0.1"});
    EXPECT_EQ(loop.fetch(server.url()).body, "ok");
}

}  // namespace
}  // namespace patchbay::http::testing
