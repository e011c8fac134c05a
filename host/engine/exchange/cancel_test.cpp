// Exchanges that are left before their end, calls that outlive them, and answers that are bytes.
#include <gmock/gmock.h>

#include "engine/exchange/detached_calls.hpp"
#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
namespace asio = boost::asio;

class CancelTest : public test::ExchangeTest {
  protected:
    /// Never answers /start; answers 404 to /missing, 204 to the rest, and writes down what it got.
    ScriptedServer::Script jobs() {
        return [this](Peer& peer, int) -> asio::awaitable<void> {
            for (;;) {
                const std::string got = co_await peer.request();
                if (got.empty()) co_return;
                if (got.starts_with("POST /start ")) {
                    started = true;
                    co_await peer.closed();
                    co_return;
                }
                requests.push_back(got.substr(0, got.find(" HTTP/1.1")) + " " +
                                   got.substr(got.find("\r\n\r\n") + 4));
                if (got.find("x-job: 17\r\n") == std::string::npos) requests.back() += " no header";
                const bool missing = got.starts_with("DELETE /missing ");
                const std::string answer =
                    missing ? whole(404, "no") : std::string("HTTP/1.1 204 No\r\n\r\n");
                co_await peer.send(answer);
            }
        };
    }
    static asio::awaitable<void> silent(Peer& peer, int) {
        co_await peer.request();
        co_await peer.closed();
    }
    DetachedCalls& detached() { return asio::use_service<DetachedCalls>(loop.io); }
    /// Starts the exchange, leaves it when the provider has it, and waits for the detached calls.
    void start_and_leave(const ExchangeRequest& r) {
        start(fixture, r);
        loop.until([&] { return started; });
        cancel.emit(asio::cancellation_type::terminal);
        loop.until([&] { return ended.has_value(); });
        loop.until([&] { return requests.size() == 2 && detached().under_way() == 0; });
    }

    const FixtureProvider fixture{"wants_cancel"};
    std::vector<std::string> requests;
    bool started = false;
};

TEST_F(CancelTest, a_machine_that_wants_to_know_makes_detached_calls_when_the_client_leaves) {
    ScriptedServer server(loop.io, jobs());
    const std::string url = server.url("");
    start_and_leave(request(url, "job"));
    EXPECT_TRUE(thrown);
    EXPECT_THAT(requests, UnorderedElementsAre("DELETE /job?reason=1 stop it", "DELETE /missing "));
    EXPECT_EQ(fixture.stats().in_flight, 0);
    EXPECT_EQ(fixture.stats().faults, 0u);
}

TEST_F(CancelTest, a_guardrail_and_a_shutdown_are_told_apart_from_a_client_that_left) {
    ScriptedServer server(loop.io, jobs());
    const std::string url = server.url("");
    const bool stopped = true;
    ExchangeRequest r = request(url, "job");
    r.stopped_by_guardrail = &stopped;
    start_and_leave(r);
    EXPECT_THAT(requests, testing::Contains("DELETE /job?reason=3 stop it"));
    requests.clear();
    started = false;
    ended.reset();
    detached().begin_shutdown();
    start_and_leave(request(url, "job"));
    EXPECT_THAT(requests, testing::Contains("DELETE /job?reason=4 stop it"));
}

TEST_F(CancelTest, a_machine_that_sleeps_past_the_time_of_the_exchange_is_told_of_the_deadline) {
    ScriptedServer server(loop.io, jobs());
    const std::string url = server.url("");
    for (const char* how : {"sleeps", "ticks"}) {
        requests.clear();
        ExchangeRequest r = request(url, how);
        r.timeouts.total = 20ms;
        const auto error = run(fixture, r);
        ASSERT_TRUE(error) << how;
        EXPECT_EQ(error->cls, ErrorClass::timeout) << how;
        EXPECT_THAT(error->message, HasSubstr("within 20 ms")) << how;
        loop.until([&] { return requests.size() == 2; });
        EXPECT_THAT(requests, testing::Contains("DELETE /job?reason=2 stop it")) << how;
    }
}

TEST_F(CancelTest, nothing_but_detached_calls_is_taken_while_an_exchange_is_left) {
    ScriptedServer server(loop.io, jobs());
    const std::string url = server.url("");
    start_and_leave(request(url, "job+greedy"));
    EXPECT_EQ(fixture.stats().faults, 0u);
    EXPECT_THAT(sink.lines, ElementsAre());
}

TEST_F(CancelTest, a_machine_that_finished_is_not_told_and_its_detached_call_is_made) {
    ScriptedServer server(loop.io, jobs());
    const std::string url = server.url("");
    const auto error = run(fixture, request(url, "fails"));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "on purpose");
    loop.until([&] { return requests.size() == 1 && detached().under_way() == 0; });
    EXPECT_THAT(requests, ElementsAre("DELETE /failed "));
}

TEST_F(CancelTest, a_detached_call_cannot_use_the_clients_body) {
    EXPECT_FALSE(run(fixture, request("http://127.0.0.1:9", "blob", false)));
    EXPECT_THAT(sink.lines, ElementsAre(R"(result {"refused":true})"));
}

TEST_F(CancelTest, detached_calls_of_a_loop_are_bounded) {
    ScriptedServer server(loop.io, silent);
    const std::string url = server.url("/slow");
    HttpAction action;
    action.url = url;
    action.total_ms = 100;
    for (std::size_t i = 0; i < DetachedCalls::kMaxUnderWay; ++i) {
        ASSERT_TRUE(detached().start(*loop.client, action, true, "test"));
    }
    EXPECT_FALSE(detached().start(*loop.client, action, true, "test"));
    EXPECT_EQ(detached().under_way(), DetachedCalls::kMaxUnderWay);
    loop.until([&] { return detached().under_way() == 0; });
    EXPECT_TRUE(detached().start(*loop.client, action, true, "test"));
    loop.until([&] { return detached().under_way() == 0; });
}

TEST_F(CancelTest, a_detached_call_ends_at_its_own_limit_and_whoever_waits_for_that_is_told) {
    ScriptedServer server(loop.io, silent);
    const std::string url = server.url("/slow");
    HttpAction action;
    action.url = url;
    action.total_ms = 20;
    ASSERT_TRUE(detached().start(*loop.client, action, true, "test"));
    bool idle = false;
    detached().when_idle([&] { idle = true; });
    EXPECT_FALSE(idle);
    loop.until([&] { return idle; });
    EXPECT_EQ(detached().under_way(), 0u);
}

TEST_F(CancelTest, an_answer_of_bytes_has_the_type_of_its_first_piece) {
    using namespace std::string_literals;
    sink.wants_bytes = true;
    for (const std::string_view model : {"bytes", "later"}) {
        sink.lines.clear();
        EXPECT_FALSE(run(fixture, request("http://127.0.0.1:9", model, false)));
        EXPECT_THAT(sink.lines, ElementsAre("bytes audio/mpeg:ab\0c"s, "bytes :d"));
    }
}

TEST_F(CancelTest, bytes_are_refused_where_the_operation_answers_json) {
    const auto error = run(fixture, request("http://127.0.0.1:9", "bytes", false));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("returned status -3 for event 1 (BAY_E_STATE)"));
    EXPECT_THAT(sink.lines, ElementsAre());
}

}  // namespace
}  // namespace patchbay
