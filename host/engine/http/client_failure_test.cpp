// Deadlines, cancellation, cut and malformed responses.
#include <future>

#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"

namespace patchbay::http::testing {
namespace {

using std::chrono::milliseconds;

constexpr const char* kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

/// Sends `start` after the request and then only waits for the client to close.
ScriptedServer::Script stalls(std::string start) {
    return [start](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(start);
        co_await peer.closed();
    };
}

ScriptedServer::Script sends(std::string text) {
    return [text](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send(text);
    };
}

void expect_timeout(const Outcome& outcome, std::string_view which) {
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::timeout);
    EXPECT_NE(outcome.failure->text.find(which), std::string::npos) << outcome.failure->text;
}

TEST(ClientDeadline, FirstByte) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(""));
    expect_timeout(loop.fetch(server.url(), {.timeouts = {.first_byte = milliseconds(10)}}),
                   "no response head within 10 ms");
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

TEST(ClientDeadline, Idle) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
    const Outcome outcome = loop.fetch(server.url(), {.timeouts = {.idle = milliseconds(10)}});
    expect_timeout(outcome, "no data of the body within 10 ms");
    EXPECT_EQ(outcome.body, "abc");
    loop.until([&] { return server.finished() == 1; });
}

TEST(ClientDeadline, Total) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
    expect_timeout(loop.fetch(server.url(), {.timeouts = {.total = milliseconds(10)}}),
                   "not complete within 10 ms");
    ScriptedServer silent(loop.io, stalls(""));
    expect_timeout(loop.fetch(silent.url(), {.timeouts = {.total = milliseconds(10)}}),
                   "not complete within 10 ms");
}

TEST(ClientDeadline, ConnectCoversTheHandshake) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(""));
    const std::string url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    expect_timeout(loop.fetch(url, {.timeouts = {.connect = milliseconds(10)}}),
                   "no connection within 10 ms");
}

TEST(ClientDeadline, ConnectCoversTheLookup) {
    Fixture loop;
    std::promise<void> release;
    asio::post(loop.blocking, [released = release.get_future().share()] { released.wait(); });
    expect_timeout(loop.fetch("http://localhost:1/", {.timeouts = {.connect = milliseconds(10)}}),
                   "no connection within 10 ms");
    release.set_value();
}

TEST(ClientDeadline, NoneThatIsLeftOverHitsTheNextExchange) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        for (std::string request = co_await peer.request(); !request.empty();) {
            if (request.find("/slow") != std::string::npos) {
                asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(500));
                co_await timer.async_wait(kTuple);
            }
            co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            request = co_await peer.request();
        }
    });
    const Timeouts tight{
        .first_byte = milliseconds(200), .idle = milliseconds(200), .total = milliseconds(400)};
    EXPECT_EQ(loop.fetch(server.url("/"), {.timeouts = tight}).body, "ok");
    EXPECT_EQ(loop.fetch(server.url("/slow")).body, "ok");
    EXPECT_EQ(server.accepted(), 1);
}

TEST(ClientFailure, ARefusedConnectionSaysWhere) {
    Fixture loop;
    const Outcome outcome = loop.fetch("http://127.0.0.1:1/");
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->kind, FailureKind::connect);
    EXPECT_NE(outcome.failure->text.find("127.0.0.1:1"), std::string::npos);
}

TEST(ClientFailure, CutAndMalformedResponses) {
    struct Case {
        std::string answer;
        FailureKind kind;
    };
    const Case cases[] = {
        {std::string(kHead) + "abc", FailureKind::reset},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", FailureKind::reset},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", FailureKind::framing},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x'),
         FailureKind::framing},
        {"SSH-2.0-x\r\n", FailureKind::framing},
        {"HTTP/1.1 200 OK\r\nA: " + std::string(100'000, 'x'), FailureKind::limit},
        {"HTTP/1.1 100 Continue\r\n\r\n", FailureKind::reset},
    };
    Fixture loop;
    for (const Case& c : cases) {
        ScriptedServer server(loop.io, sends(c.answer));
        const Outcome outcome = loop.fetch(server.url());
        ASSERT_TRUE(outcome.failure) << c.answer.substr(0, 80);
        EXPECT_EQ(outcome.failure->kind, c.kind) << c.answer.substr(0, 80) << "\n"
                                                 << outcome.failure->text;
        EXPECT_EQ(loop.client->idle_connections() + loop.client->open_connections(), 0u);
    }
}

/// Starts an exchange, cancels it once `server` has its request and returns how it ended.
std::exception_ptr cancelled(Fixture& loop, const std::string& url,
                             const std::function<bool()>& when) {
    asio::cancellation_signal cancel;
    std::exception_ptr error;
    bool done = false;
    asio::co_spawn(
        loop.io, loop.exchange(url, {}),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, const Outcome&) {
            error = e;
            done = true;
        }));
    loop.until(when);
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return done; });
    return error;
}

void expect_aborted(const std::exception_ptr& error) {
    ASSERT_TRUE(error);
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        EXPECT_EQ(e.code(), asio::error::operation_aborted);
    }
}

TEST(ClientCancellation, ClosesTheConnectionAtOnce) {
    for (const std::string& start : {std::string(), std::string(kHead) + "abc"}) {
        Fixture loop;
        bool waiting = false;
        std::chrono::steady_clock::time_point closed;
        ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.request();
            co_await peer.send(start);
            waiting = true;
            co_await peer.closed();
            closed = std::chrono::steady_clock::now();
        });
        std::chrono::steady_clock::time_point before;
        expect_aborted(cancelled(loop, server.url(), [&] {
            before = std::chrono::steady_clock::now();
            return waiting;
        }));
        loop.until([&] { return server.finished() == 1; });
        EXPECT_LT(closed - before, std::chrono::seconds(5)) << "no time limit is set";
        EXPECT_EQ(loop.client->open_connections(), 0u);
    }
}

TEST(ClientCancellation, EndsALookupAndAHandshake) {
    Fixture loop;
    std::promise<void> release;
    asio::post(loop.blocking, [released = release.get_future().share()] { released.wait(); });
    expect_aborted(cancelled(loop, "http://localhost:1/",
                             [&] { return loop.client->open_connections() == 1; }));
    release.set_value();
    bool waiting = false;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        waiting = true;
        co_await peer.closed();
    });
    expect_aborted(cancelled(loop, "https://127.0.0.1:" + std::to_string(server.port()) + "/",
                             [&] { return waiting; }));
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

TEST(ClientEnd, FailsWhatIsUnderWayAndClosesEverySocket) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
    ScriptedServer other(loop.io, stalls(""));
    std::optional<Outcome> reading;
    std::optional<Outcome> sending;
    asio::co_spawn(loop.io, loop.exchange(server.url(), {}),
                   [&](std::exception_ptr, Outcome o) { reading = std::move(o); });
    asio::co_spawn(loop.io, loop.exchange(other.url(), {}),
                   [&](std::exception_ptr, Outcome o) { sending = std::move(o); });
    loop.until([&] {
        return loop.client->open_connections() == 2 && server.accepted() + other.accepted() == 2;
    });
    loop.io.poll();
    loop.client.reset();
    loop.until([&] { return reading && sending; });
    EXPECT_EQ(reading->failure->kind, FailureKind::aborted);
    EXPECT_EQ(sending->failure->kind, FailureKind::aborted);
    loop.until([&] { return server.finished() + other.finished() == 2; });
}

TEST(ClientEnd, AResponseOutlivesItsClient) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
    const auto work = [&]() -> asio::awaitable<int> {
        const std::string text = server.url();
        Request request;
        request.url = parse_url(text).value();
        auto response = co_await loop.client->send(request);
        loop.client.reset();
        const auto piece = co_await response->read();
        co_return piece ? 0 : static_cast<int>(piece.error().kind);
    };
    EXPECT_EQ(loop.run(work()), static_cast<int>(FailureKind::aborted));
    loop.until([&] { return server.finished() == 1; });
}

// A loop that has stopped is destroyed after its client; nothing runs what is still queued there.
class StoppedLoop {
  public:
    /// The coroutine holds `held` as long as its frame is there.
    void begin(std::string url, std::shared_ptr<int> held, int* reads) {
        asio::co_spawn(io, read_all(client, std::move(url), std::move(held), reads),
                       asio::detached);
    }
    void until(const std::function<bool()>& condition) {
        while (!condition() && io.run_one() != 0) {
        }
    }

    asio::io_context io{1};
    asio::thread_pool blocking{1};
    Deadlines deadlines{io};
    Client client{Loop{io, deadlines, blocking}, {}};

  private:
    static asio::awaitable<void> read_all(Client& client, std::string url,
                                          std::shared_ptr<int> held, int* reads) {
        Request request;
        request.url = parse_url(url).value();
        auto response = co_await client.send(request);
        for (bool more = held && response; more;) {
            ++*reads;
            const auto piece = co_await response->read();
            more = piece && !piece->empty();
        }
    }
};

TEST(ClientEnd, WhoWaitsForAHeadIsFreedWithALoopThatHasStopped) {
    const auto held = std::make_shared<int>();
    int reads = 0;
    {
        StoppedLoop loop;
        bool asked = false;
        ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.request();
            asked = true;
            co_await peer.closed();
        });
        loop.begin(server.url(), held, &reads);
        loop.until([&] { return asked; });
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(reads, 0);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(ClientEnd, WhoWaitsForTheBodyIsFreedWithALoopThatHasStopped) {
    const auto held = std::make_shared<int>();
    {
        StoppedLoop loop;
        ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
        int reads = 0;
        loop.begin(server.url(), held, &reads);
        loop.until([&] { return reads == 2; });
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(ClientEnd, WhoWaitsForAnAddressIsFreedWithALoopThatHasStopped) {
    const auto held = std::make_shared<int>();
    std::promise<void> release;
    int reads = 0;
    {
        StoppedLoop loop;
        asio::post(loop.blocking, [released = release.get_future().share()] { released.wait(); });
        loop.begin("http://localhost:1/", held, &reads);
        loop.until([&] { return loop.client.open_connections() == 1; });
        EXPECT_EQ(held.use_count(), 2);
        release.set_value();
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(ClientEnd, AnUnreadResponseClosesItsConnection) {
    Fixture loop;
    ScriptedServer server(loop.io, stalls(std::string(kHead) + "abc"));
    const auto work = [&]() -> asio::awaitable<int> {
        const std::string text = server.url();
        Request request;
        request.url = parse_url(text).value();
        auto response = co_await loop.client->send(request);
        co_return response->status();
    };
    EXPECT_EQ(loop.run(work()), 200);
    EXPECT_EQ(loop.client->open_connections() + loop.client->idle_connections(), 0u);
    loop.until([&] { return server.finished() == 1; });
}

TEST(ClientReach, who_may_reach_public_addresses_alone_gets_no_connection_of_others) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        for (;;) {
            const std::string asked = co_await peer.request();
            if (asked.empty()) co_return;
            co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    EXPECT_EQ(loop.fetch(server.url()).status, 200);
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const Outcome refused = loop.fetch(server.url("/", host), {.reach = Reach::public_only});
        ASSERT_TRUE(refused.failure) << host;
        EXPECT_EQ(refused.failure->kind, FailureKind::denied) << host;
    }
    EXPECT_EQ(loop.client->idle_connections(), 1u);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(ClientReach, a_proxy_is_not_asked_for_what_is_known_to_be_private) {
    Fixture loop;
    ScriptedServer proxy(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    loop.open({.http_proxy = "http://127.0.0.1:" + std::to_string(proxy.port())});
    const Outcome refused = loop.fetch("http://10.0.0.1/", {.reach = Reach::public_only});
    ASSERT_TRUE(refused.failure);
    EXPECT_EQ(refused.failure->kind, FailureKind::denied);
    EXPECT_EQ(proxy.accepted(), 0);
    EXPECT_EQ(loop.fetch("http://1.1.1.1/", {.reach = Reach::public_only}).body, "ok");
    EXPECT_EQ(proxy.accepted(), 1) << "the proxy itself may be private";
}

}  // namespace
}  // namespace patchbay::http::testing
