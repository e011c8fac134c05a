// Exchanges with more than one thing pending: calls and timers beside each other, shared values.
#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::FixtureProvider;
using test::Peer;
using test::RecordingSink;
using test::ScriptedServer;
using test::whole;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
namespace asio = boost::asio;

class BesideTest : public test::ExchangeTest {
  protected:
    static std::string base(const ScriptedServer& server) { return server.url(""); }

    /// Answers the paths in `quick`; leaves a client with any other waiting.
    static ScriptedServer::Script only(std::string quick, std::string body) {
        return [quick, body](Peer& peer, int) -> asio::awaitable<void> {
            const std::string got = co_await peer.request();
            if (got.starts_with("POST " + quick + " ")) co_await peer.send(whole(200, body));
            co_await peer.closed();
        };
    }
    const FixtureProvider fixture{"calls_beside"};
};

TEST_F(BesideTest, two_calls_are_under_way_at_once) {
    int waiting = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        const std::string got = co_await peer.request();
        ++waiting;
        asio::steady_timer timer(peer.socket().get_executor());
        while (waiting < 2) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        co_await peer.send(whole(200, got.substr(6, 3)));
    });
    const std::string url = base(server);
    EXPECT_FALSE(run(fixture, request(url, "both", false)));
    EXPECT_THAT(sink.lines, Contains(testing::AnyOf("result one two", "result two one")));
}

TEST_F(BesideTest, the_first_answer_ends_the_exchange_whichever_call_it_is) {
    for (const std::string quick : {"/one", "/two"}) {
        ScriptedServer server(loop.io, only(quick, quick));
        const std::string url = base(server);
        sink.lines.clear();
        EXPECT_FALSE(run(fixture, request(url, "race", false)));
        EXPECT_THAT(sink.lines, ElementsAre("result " + quick));
        loop.until([&] { return loop.client->open_connections() == 0; });
    }
}

TEST_F(BesideTest, a_timer_beside_a_silent_stream_reaches_the_client_and_starts_again) {
    std::size_t beats = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: one\n\n");
        asio::steady_timer timer(peer.socket().get_executor());
        while (sink.flushed < 4) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        beats = sink.flushed;
        co_await peer.send("data: two\n\n");
    });
    const std::string url = base(server);
    EXPECT_FALSE(run(fixture, request(url, "beats")));
    EXPECT_GE(beats, 4u);
    EXPECT_THAT(sink.lines, Contains("chunk beat"));
    EXPECT_THAT(sink.lines, Contains("chunk two"));
}

TEST_F(BesideTest, a_timer_that_fails_the_exchange_ends_a_silent_call) {
    ScriptedServer server(loop.io, only("/none", ""));
    const std::string url = base(server);
    const auto error = run(fixture, request(url, "gives_up"));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "the plugin gave up");
    loop.until([&] { return loop.client->open_connections() == 0; });
}

TEST_F(BesideTest, an_exchange_does_not_end_while_the_sink_is_sending) {
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\n\r\ndata: {\"a\":1}\n\n");
        co_await peer.closed();
    });
    const std::string url = base(server);
    sink.shut = true;
    // Where the machine is slow the plugin's timer may come before the event: then once more.
    for (int tries = 0; tries < 100 && sink.flushes == 0; ++tries) {
        ended.reset();
        start(fixture, request(url, "gives_up"));
        loop.until([&] { return sink.flushes == 1 || ended.has_value(); });
    }
    ASSERT_EQ(sink.flushes, 1);
    asio::steady_timer later(loop.io, 30ms);  // past the plugin's timer
    bool passed = false;
    later.async_wait([&](boost::system::error_code) { passed = true; });
    loop.until([&] { return passed; });
    EXPECT_FALSE(ended) << "its sink was still in use";
    sink.open_gate();
    loop.until([&] { return ended.has_value(); });
    ASSERT_TRUE(ended->error);
    EXPECT_EQ(ended->error->message, "the plugin gave up");
}

TEST_F(BesideTest, a_silent_call_can_be_aborted) {
    ScriptedServer server(loop.io, only("/none", ""));
    const std::string url = base(server);
    const auto error = run(fixture, request(url, "aborts"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 7"));
    loop.until([&] { return loop.client->open_connections() == 0; });
}

TEST_F(BesideTest, cancelling_closes_all_calls) {
    int asked = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        ++asked;
        co_await peer.closed();
    });
    const std::string url = base(server);
    start(fixture, request(url, "both", false));
    loop.until([&] { return asked == 2; });
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return ended.has_value(); });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    loop.until([&] { return server.finished() == 2; });
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

class SharedTest : public test::ExchangeTest {
  protected:
    struct Exchange {
        explicit Exchange(asio::io_context& io) : sink(io) {}
        RecordingSink sink;
        std::optional<Error> error;
        bool ended = false;
    };
    /// Runs `count` exchanges at once.
    std::vector<std::unique_ptr<Exchange>> run_all(const std::string& url, std::size_t count) {
        std::vector<std::unique_ptr<Exchange>> all;
        std::size_t open = count;
        for (std::size_t i = 0; i < count; ++i) {
            Exchange& e = *all.emplace_back(std::make_unique<Exchange>(loop.io));
            ExchangeRequest asked = request(url, "m", false);
            asked.params = R"({"region":"eu"})";
            asio::co_spawn(loop.io, work(fixture.provider, asked, e.sink),
                           [&e, &open](std::exception_ptr failed, Ended result) {
                               e.ended = !failed;
                               e.error = std::move(result.error);
                               --open;
                           });
        }
        loop.until([&] { return open == 0; });
        return all;
    }
    /// A server of tokens and answers; `refuse` is asked about every authorization.
    ScriptedServer::Script tokens() {
        return [this](Peer& peer, int) -> asio::awaitable<void> {
            for (;;) {
                const std::string got = co_await peer.request();
                if (got.empty()) co_return;
                std::string answer;
                if (got.starts_with("POST /token ")) {
                    old_values.push_back(got.substr(got.find("\r\n\r\n") + 4));
                    of_the_deployment +=
                        got.find("x-account: {\"region\":\"eu\"}\r\n") != std::string::npos;
                    ++issued;
                    answer = token_status == 200 ? whole(200, "t" + std::to_string(issued))
                                                 : whole(token_status, "no");
                } else if (got.find("authorization: t" + std::to_string(issued) + "\r\n") ==
                               std::string::npos ||
                           issued < accepted_from) {
                    answer = whole(401, "{}");
                } else {
                    answer = whole(200, "ok");
                }
                co_await peer.send(answer);
            }
        };
    }

    const FixtureProvider fixture{"shares_values"};
    std::vector<std::string> old_values;
    int of_the_deployment = 0;  ///< refreshes that had the parameters of who asked
    int issued = 0;
    int accepted_from = 0;  ///< tokens before this one are refused
    int token_status = 200;
};

TEST_F(SharedTest, a_hundred_exchanges_cause_one_refresh) {
    ScriptedServer server(loop.io, tokens());
    const std::string url = server.url("");
    for (const auto& e : run_all(url, 100)) {
        EXPECT_TRUE(e->ended);
        EXPECT_FALSE(e->error);
        EXPECT_THAT(e->sink.lines, ElementsAre("result ok"));
    }
    EXPECT_EQ(issued, 1);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    EXPECT_EQ(fixture.stats().calls, 101u);
    run_all(url, 1);
    EXPECT_EQ(issued, 1);
}

TEST_F(SharedTest, a_refused_value_is_refreshed_from_the_old_one) {
    ScriptedServer server(loop.io, tokens());
    const std::string url = server.url("");
    accepted_from = 2;
    const auto refused = run_all(url, 1);
    ASSERT_TRUE(refused[0]->error);
    EXPECT_EQ(refused[0]->error->upstream_status, 401);
    EXPECT_FALSE(run_all(url, 1)[0]->error);
    EXPECT_THAT(old_values, ElementsAre("", "t1"));
    EXPECT_EQ(of_the_deployment, 2);
}

TEST_F(SharedTest, a_refresh_that_fails_is_told_to_everyone_and_tried_again_by_the_next) {
    ScriptedServer server(loop.io, tokens());
    const std::string url = server.url("");
    token_status = 500;
    for (const auto& e : run_all(url, 10)) {
        ASSERT_TRUE(e->error);
        EXPECT_EQ(e->error->cls, ErrorClass::upstream) << "the class of the refresh";
        EXPECT_THAT(e->error->message, HasSubstr("failure 0, status 500"));
    }
    EXPECT_EQ(issued, 1);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    token_status = 200;
    EXPECT_FALSE(run_all(url, 1)[0]->error);
    EXPECT_EQ(issued, 2);
}

TEST_F(SharedTest, a_refresh_goes_on_when_who_asked_for_it_is_cancelled) {
    bool asked = false;
    bool answer = false;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        for (;;) {
            const std::string got = co_await peer.request();
            if (got.empty()) co_return;
            asked = true;
            asio::steady_timer timer(peer.socket().get_executor());
            while (!answer) {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            co_await peer.send(whole(200, "t1"));
        }
    });
    const std::string url = server.url("");
    start(fixture, request(url, "m", false));
    loop.until([&] { return asked; });
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return ended.has_value(); });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(fixture.stats().in_flight, 1) << "the refresh";
    answer = true;
    loop.until([&] { return fixture.stats().in_flight == 0; });
    EXPECT_FALSE(run_all(url, 1)[0]->error);
}

TEST_F(SharedTest, who_waits_for_a_refresh_waits_no_longer_than_its_own_time) {
    bool asked = false;
    bool answer = false;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        for (;;) {
            const std::string got = co_await peer.request();
            if (got.empty()) co_return;
            asked = true;
            asio::steady_timer timer(peer.socket().get_executor());
            while (!answer) {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            co_await peer.send(whole(200, "t1"));
        }
    });
    const std::string url = server.url("");
    start(fixture, request(url, "m", false));  // has all the time there is
    loop.until([&] { return asked; });
    ExchangeRequest hurried = request(url, "m", false);
    hurried.timeouts.total = 20ms;
    RecordingSink other(loop.io);
    const Ended left = loop.run(work(fixture.provider, hurried, other));
    ASSERT_TRUE(left.error);
    EXPECT_EQ(left.error->cls, ErrorClass::timeout);
    EXPECT_THAT(left.error->message, HasSubstr("within 20 ms"));
    EXPECT_FALSE(ended);
    answer = true;
    loop.until([&] { return ended.has_value(); });
    EXPECT_FALSE(ended->error);
}

}  // namespace
}  // namespace patchbay
