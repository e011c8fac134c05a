// What the host does with plugins that misbehave.
#include <gmock/gmock.h>

#include "contract/actions/recorder.hpp"
#include "engine/exchange/test_support.hpp"
#include "engine/plugins/workload.hpp"

namespace patchbay {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using test::always;
using test::FixtureProvider;
using test::ScriptedServer;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;

class ContainmentTest : public test::ExchangeTest {};

TEST_F(ContainmentTest, a_call_to_another_origin_is_refused_and_not_made) {
    FixtureProvider fixture("calls_elsewhere");
    int calls = 0;
    ScriptedServer other(loop.io, [&](test::Peer&, int) -> test::asio::awaitable<void> {
        ++calls;
        co_return;
    });
    const std::string url = other.url("");
    for (int i = 1; i <= 2; ++i) {
        const auto error = run(fixture, request("http://127.0.0.1:9", url, false));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->message, "denied");
        EXPECT_EQ(error->cls, ErrorClass::permission);
        EXPECT_EQ(fixture.stats().denied, static_cast<unsigned>(i));
    }
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(fixture.stats().faults, 0u);
}

TEST_F(ContainmentTest, a_plugin_that_gives_up_on_a_refusal_says_where_it_wanted_to_go) {
    FixtureProvider fixture("calls_elsewhere");
    for (const char* model :
         {"careless+https://other.example.org", "idle+https://other.example.org"}) {
        const auto error = run(fixture, request("http://127.0.0.1:9", model, false));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->status(), 500);
        EXPECT_THAT(error->message, HasSubstr("'calls-elsewhere'"));
        EXPECT_THAT(error->message, HasSubstr("https://other.example.org"));
        EXPECT_THAT(error->message, HasSubstr("egress list"));
    }
    EXPECT_EQ(fixture.stats().faults, 2u);
}

TEST_F(ContainmentTest, the_origin_of_the_base_url_is_always_allowed) {
    FixtureProvider fixture("calls_elsewhere");
    ScriptedServer server(loop.io, always(whole(200, "{}")));
    EXPECT_FALSE(run(fixture, request(server.url("/v1"), server.url("/v2"), false)));
    EXPECT_THAT(sink.lines, ElementsAre("result {}"));
    EXPECT_EQ(fixture.stats().denied, 0u);
}

TEST_F(ContainmentTest, a_flood_is_stopped_at_the_limit_and_is_a_fault) {
    FixtureProvider fixture("floods");
    auto error = run(fixture, request("http://127.0.0.1:9", "chunks"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("'floods'"));
    EXPECT_THAT(error->message, HasSubstr("limit of bytes of unsent results"));
    EXPECT_LE(sink.lines.size(), Recorder::kMaxUnsent >> 20);
    EXPECT_EQ(fixture.stats().faults, 1u);
    error = run(fixture, request("http://127.0.0.1:9", "timers"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("limit of actions at a time"));
    EXPECT_EQ(fixture.stats().faults, 2u);
    EXPECT_FALSE(run(fixture, request("http://127.0.0.1:9", "notes", false)))
        << "a note too many is refused and does no harm";
}

TEST_F(ContainmentTest, a_slow_feed_is_counted_and_one_over_its_budget_fails) {
    FixtureProvider fixture("slow_feed");
    fixture.stats().feed_budget_ns = nanoseconds(std::chrono::seconds(60)).count();
    EXPECT_FALSE(run(fixture, request("http://127.0.0.1:9", "3", false)));
    EXPECT_EQ(fixture.stats().slow_feeds, 1u);
    EXPECT_EQ(fixture.stats().faults, 0u);
    fixture.stats().feed_budget_ns = nanoseconds(milliseconds(2)).count();
    const auto error = run(fixture, request("http://127.0.0.1:9", "5", false));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("more than its time budget"));
    EXPECT_EQ(fixture.stats().faults, 1u);
}

/// More than a large one.
const std::string& large_body() {
    static const std::string body = R"({"messages":[{"content":")" +
                                    std::string(Workload::kBytesPerBudget * 2, 'x') + R"("}]})";
    return body;
}

TEST_F(ContainmentTest, the_time_for_an_event_grows_with_its_size) {
    FixtureProvider fixture("slow_feed");
    fixture.stats().feed_budget_ns = nanoseconds(milliseconds(700)).count();
    ExchangeRequest r = request("http://127.0.0.1:9", "800", false);
    r.body = large_body();
    EXPECT_FALSE(run(fixture, r)) << "three times 700 ms are allowed";
    EXPECT_TRUE(run(fixture, request("http://127.0.0.1:9", "800", false)));
}

TEST_F(ContainmentTest, what_a_large_request_takes_is_no_fault_of_the_plugin) {
    FixtureProvider fixture("slow_feed");
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    fixture.stats().feed_budget_ns = nanoseconds(milliseconds(2)).count();
    ExchangeRequest r = request("http://127.0.0.1:9", "50", false);
    r.body = large_body();
    for (int i = 0; i < 3; ++i) {
        const auto error = run(fixture, r);
        ASSERT_TRUE(error);
        EXPECT_EQ(error->status(), 413);
        EXPECT_FALSE(error->retryable());
        EXPECT_THAT(error->message, HasSubstr("too large for plugin component 'slow-feed'"));
    }
    EXPECT_EQ(fixture.stats().faults, 0u);
    fixture.stats().feed_budget_ns = nanoseconds(std::chrono::seconds(1)).count();
    EXPECT_FALSE(run(fixture, request("http://127.0.0.1:9", "0", false)));
}

TEST_F(ContainmentTest, a_limit_that_a_large_request_goes_over_is_no_fault_either) {
    FixtureProvider fixture("floods");
    ExchangeRequest r = request("http://127.0.0.1:9", "chunks");
    r.body = large_body();
    const auto error = run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 413);
    EXPECT_EQ(fixture.stats().faults, 0u);
}

TEST_F(ContainmentTest, a_large_answer_is_no_fault_and_no_fault_of_the_client) {
    FixtureProvider fixture("faults_on_word");
    ScriptedServer server(
        loop.io, always(whole(200, R"({"FAULT":")" + std::string(2u << 20, 'x') + R"("})")));
    const auto error = run(fixture, request(server.url(""), "m", false));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 500);
    EXPECT_EQ(fixture.stats().faults, 0u);
}

TEST_F(ContainmentTest, a_timeout_that_the_client_chose_is_no_fault) {
    FixtureProvider fixture("faults_on_word");
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    ScriptedServer server(loop.io, [](test::Peer& peer, int) -> test::asio::awaitable<void> {
        co_await peer.request();
        co_await peer.request();  // never answers
    });
    const std::string url = server.url("");
    for (int i = 0; i < 3; ++i) {
        ExchangeRequest r = request(url, "m", false);
        r.timeouts.total = milliseconds(1);
        EXPECT_TRUE(run(fixture, r));
    }
    EXPECT_EQ(fixture.stats().faults, 0u);
    EXPECT_TRUE(fixture.stats().breaker.closed());
}

TEST_F(ContainmentTest, a_client_that_leaves_is_no_fault) {
    FixtureProvider fixture("faults_on_word");
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    int asked = 0;
    ScriptedServer server(loop.io, [&](test::Peer& peer, int) -> test::asio::awaitable<void> {
        co_await peer.request();
        ++asked;
        co_await peer.request();  // never answers
    });
    const std::string url = server.url("");
    start(fixture, request(url, "m", false));
    loop.until([&] { return asked == 1; });
    cancel.emit(test::asio::cancellation_type::terminal);
    loop.until([&] { return thrown && fixture.stats().in_flight == 0; });
    EXPECT_EQ(fixture.stats().faults, 0u);
    EXPECT_TRUE(fixture.stats().breaker.closed());
}

class BreakerExchangeTest : public ContainmentTest {
  protected:
    std::optional<Error> ask() { return run(fixture, request(server.url(""), "m", false)); }

    std::string answer = "{\"FAULT\":1}";
    FixtureProvider fixture{"faults_on_word"};
    ScriptedServer server{loop.io, [this](test::Peer& peer, int) -> test::asio::awaitable<void> {
                              for (;;) {
                                  const std::string got = co_await peer.request();
                                  if (got.empty()) co_return;
                                  ++asked;
                                  co_await peer.send(whole(200, answer));
                              }
                          }};
    int asked = 0;
};

TEST_F(BreakerExchangeTest, rests_after_faults_and_comes_back_by_one_probe) {
    fixture.stats().breaker.configure({2, std::chrono::seconds(60), milliseconds(0)});
    const auto first = ask();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->status(), 500);
    EXPECT_TRUE(fixture.stats().breaker.closed());
    EXPECT_TRUE(ask());
    EXPECT_EQ(fixture.stats().breaker.state(), Breaker::State::open);
    EXPECT_TRUE(ask()) << "the probe, as the cooldown is over";
    EXPECT_EQ(asked, 3);
    EXPECT_EQ(fixture.stats().breaker.state(), Breaker::State::open);
    answer = "{}";
    EXPECT_FALSE(ask());
    EXPECT_TRUE(fixture.stats().breaker.closed());
}

TEST_F(BreakerExchangeTest, a_resting_component_is_not_called) {
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    EXPECT_TRUE(ask());
    answer = "{}";
    const auto error = ask();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status(), 503);
    EXPECT_EQ(error->exception_name(), "ServiceUnavailableError");
    EXPECT_EQ(error->retry, RetryHint::other);
    EXPECT_THAT(error->message, HasSubstr("'faults-on-word'"));
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(fixture.stats().faults, 1u);
}

TEST_F(BreakerExchangeTest, a_large_request_as_the_probe_says_nothing) {
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), milliseconds(0)});
    EXPECT_TRUE(ask());
    EXPECT_EQ(fixture.stats().breaker.opened(), 1u);
    const std::string url = server.url("");
    ExchangeRequest r = request(url, "m", false);
    r.body = large_body();
    EXPECT_TRUE(run(fixture, r));
    EXPECT_EQ(fixture.stats().breaker.opened(), 1u) << "it does not rest longer for that";
    answer = "{}";
    EXPECT_FALSE(ask());
    EXPECT_TRUE(fixture.stats().breaker.closed());
}

TEST_F(BreakerExchangeTest, an_upstreams_errors_do_not_count) {
    fixture.stats().breaker.configure({1, std::chrono::seconds(60), std::chrono::hours(1)});
    answer = "{\"ERROR\":1}";
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask());
    EXPECT_TRUE(fixture.stats().breaker.closed());
    EXPECT_EQ(fixture.stats().faults, 0u);
}

}  // namespace
}  // namespace patchbay
