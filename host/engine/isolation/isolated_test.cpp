// Plugins in processes of their own: what they may do, and what becomes of whom when they do more.
#include <csignal>
#include <dirent.h>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "contract/actions/recorder.hpp"
#include "engine/exchange/test_support.hpp"
#include "engine/isolation/test_support.hpp"
#include "engine/sandbox/sandbox.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::children;
using test::FixtureProvider;
using test::Peer;
using test::pids_of_children;
using test::RecordingSink;
using test::ScriptedServer;
using test::stream_of;
using test::the_child_named;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;
namespace asio = boost::asio;

/// Reaping is another thread's work.
bool becomes(std::size_t (*what)(), std::size_t expected) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (what() != expected && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    return what() == expected;
}

std::size_t descriptors() {
    std::size_t count = 0;
    DIR* directory = ::opendir("/proc/self/fd");
    while (::readdir(directory) != nullptr) ++count;
    ::closedir(directory);
    return count;
}

class IsolatedTest : public test::ExchangeTest {
  protected:
    /// Runs one after the other until one does not fail because the process is being restarted.
    std::optional<Error> run_when_up(const FixtureProvider& fixture, const ExchangeRequest& r) {
        for (;;) {
            auto error = run(fixture, r);
            if (!error || error->http_status != 503) return error;
            asio::steady_timer pause(loop.io, 5ms);
            loop.run([](asio::steady_timer& timer) -> asio::awaitable<int> {
                co_await timer.async_wait(asio::use_awaitable);
                co_return 0;
            }(pause));
        }
    }
};

TEST_F(IsolatedTest, a_provider_answers_from_its_own_process) {
    const FixtureProvider fixture("misbehaves", true);
    EXPECT_FALSE(run(fixture, request("", "ok", false)));
    EXPECT_THAT(sink.lines, ElementsAre(R"(result {"model":"m","messages":[]})"));
    EXPECT_EQ(fixture.stats().feeds, 1u);
    EXPECT_EQ(fixture.stats().faults, 0u);
}

TEST_F(IsolatedTest, its_environment_is_empty) {
    const FixtureProvider fixture("misbehaves", true);
    const auto error = run(fixture, request("", "environment"));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message, "empty");
}

TEST_F(IsolatedTest, a_crash_fails_its_call_and_the_next_one_is_answered) {
    const FixtureProvider fixture("misbehaves", true);
    for (const char* how : {"crash", "abort"}) {
        sink.lines.clear();
        const auto error = run_when_up(fixture, request("", how));
        ASSERT_TRUE(error) << how;
        EXPECT_EQ(error->http_status, 500) << how;
        EXPECT_EQ(error->cls, ErrorClass::upstream) << how;
        EXPECT_TRUE(error->retryable()) << how;
        EXPECT_THAT(error->message, HasSubstr("crashed in its own process"));
        EXPECT_FALSE(run_when_up(fixture, request("", "ok"))) << how;
        EXPECT_EQ(sink.lines.size(), 1u) << how;
    }
}

TEST_F(IsolatedTest, what_a_plugin_may_not_do_ends_its_process) {
    if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "no system call filter in this build";
    const FixtureProvider fixture("misbehaves", true);
    for (const char* what : {"socket", "file", "fork", "exec", "kill", "code"}) {
        const auto error = run_when_up(fixture, request("", what));
        ASSERT_TRUE(error) << what << " was possible";
        EXPECT_THAT(error->message, HasSubstr("crashed in its own process")) << what;
        EXPECT_FALSE(run_when_up(fixture, request("", "ok"))) << what;
    }
}

// The process may have been taken over by its plugin. A frame that makes no sense ends it, as a
// crash would: its calls fail, nothing else does.
TEST_F(IsolatedTest, a_process_that_lies_to_the_gateway_is_ended) {
    const FixtureProvider fixture("misbehaves", true);
    for (const char* lie : {"stranger", "ready", "unknown", "endless"}) {
        sink.lines.clear();
        const auto error = run_when_up(fixture, request("", lie));
        ASSERT_TRUE(error) << lie << " was believed";
        EXPECT_THAT(error->message, HasSubstr("crashed in its own process")) << lie;
        EXPECT_THAT(sink.lines, testing::IsEmpty()) << lie;
        EXPECT_FALSE(run_when_up(fixture, request("", "ok"))) << lie;
    }
    EXPECT_EQ(fixture.stats().faults, 4u);
}

TEST_F(IsolatedTest, one_that_hangs_is_killed_when_the_time_for_an_event_is_over) {
    const FixtureProvider fixture("misbehaves", true, 500ms);
    EXPECT_FALSE(run(fixture, request("", "ok")));
    const auto error = run(fixture, request("", "hang"));
    ASSERT_TRUE(error);
    EXPECT_TRUE(error->retryable());
    EXPECT_FALSE(run_when_up(fixture, request("", "ok")));
}

TEST_F(IsolatedTest, one_that_hangs_counts_for_that_even_if_its_client_has_left) {
    const FixtureProvider fixture("misbehaves", true, 500ms);
    EXPECT_FALSE(run(fixture, request("", "ok")));
    start(fixture, request("", "hang"));
    loop.until([&] { return fixture.stats().in_flight == 1; });
    loop.until([&] { return fixture.stats().feeds == 2; });
    cancel.emit(asio::cancellation_type::terminal);
    loop.until([&] { return fixture.stats().in_flight == 0; });
    loop.until([&] { return fixture.stats().faults > 0; });
    EXPECT_EQ(fixture.stats().faults, 1u);
    EXPECT_FALSE(run_when_up(fixture, request("", "ok")));
}

TEST_F(IsolatedTest, one_that_hangs_on_a_large_request_fails_that_and_counts_for_nothing) {
    const FixtureProvider fixture("misbehaves", true, 300ms);
    fixture.stats().breaker.configure({1, 60s, 1h});
    const std::string body = R"({"text":")" + std::string(2u << 20, 'x') + R"("})";
    for (const char* how : {"hang", "crash"}) {
        ExchangeRequest r = request("", how);
        r.body = body;
        const auto error = run_when_up(fixture, r);
        ASSERT_TRUE(error) << how;
        EXPECT_EQ(error->status(), 413) << how;
        EXPECT_FALSE(error->retryable()) << how;
    }
    EXPECT_EQ(fixture.stats().faults, 0u);
    EXPECT_FALSE(run_when_up(fixture, request("", "ok")));
    EXPECT_TRUE(run(fixture, request("", "hang"))) << "a small one";
    EXPECT_EQ(fixture.stats().faults, 1u);
    EXPECT_FALSE(fixture.stats().breaker.closed());
}

TEST_F(IsolatedTest, calls_that_wait_behind_crashes_have_not_begun_and_start_over) {
    const FixtureProvider fixture("misbehaves", true);
    const auto crashes = [](std::size_t i) { return i == 3 || i == 7 || i == 11 || i == 15; };
    std::vector<std::unique_ptr<RecordingSink>> sinks;
    std::vector<std::optional<Error>> errors(20);
    std::size_t left = errors.size();
    for (std::size_t i = 0; i < errors.size(); ++i) {
        sinks.push_back(std::make_unique<RecordingSink>(loop.io));
        asio::co_spawn(loop.io,
                       work(fixture.provider, request("", crashes(i) ? "crash" : "ok"), *sinks[i]),
                       [&, i](std::exception_ptr, Ended result) {
                           errors[i] = std::move(result.error);
                           --left;
                       });
    }
    loop.until([&] { return left == 0; });
    for (std::size_t i = 0; i < errors.size(); ++i) {
        EXPECT_EQ(errors[i].has_value(), crashes(i)) << i;
        EXPECT_EQ(sinks[i]->lines.size(), crashes(i) ? 0u : 1u) << i;
    }
}

TEST_F(IsolatedTest, a_call_that_was_made_upstream_is_not_made_again_by_a_restart) {
    const FixtureProvider fixture("misbehaves", true);
    int requests = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        ++requests;
        co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ndata: {\"a\":1}\n\n");
    });
    const std::string url = server.url();
    const auto error = run(fixture, request(url, "call+frame"));
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("crashed in its own process"));
    EXPECT_EQ(requests, 1);
}

TEST_F(IsolatedTest, a_large_body_goes_there_and_back) {
    const FixtureProvider fixture("misbehaves", true);
    const std::string body = R"({"text":")" + std::string(5u << 20, 'x') + R"("})";
    ExchangeRequest r = request("", "ok", false);
    r.body = body;
    EXPECT_FALSE(run(fixture, r));
    ASSERT_EQ(sink.lines.size(), 1u);
    EXPECT_EQ(sink.lines[0], "result " + body);
}

/// Most memory that a child of this process ever had, in bytes.
std::size_t most_memory_of_a_child() {
    std::size_t most = 0;
    for (const pid_t pid : pids_of_children()) {
        std::ifstream status("/proc/" + std::to_string(pid) + "/status");
        for (std::string word; status >> word;) {
            std::size_t kib = 0;
            if (word == "VmHWM:" && status >> kib) most = std::max(most, kib << 10);
        }
    }
    return most;
}

TEST_F(IsolatedTest, large_parts_are_sent_on_without_a_copy_in_the_process) {
    if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "a sanitizer needs memory of its own";
    const FixtureProvider fixture("uploads_parts", true);
    const std::string file(64u << 20, 'x');
    const std::vector<http::FormPart> parts = {
        {.name = "model", .filename = {}, .content_type = {}, .data = "whisper"},
        {.name = "file", .filename = "a.wav", .content_type = "audio/wav", .data = file}};
    std::size_t received = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        const std::string got = co_await peer.request();
        received = got.size();
        co_await peer.send(whole(200, "{}"));
    });
    const std::string url = server.url();
    for (const auto& [how, least] :
         {std::pair{"blob", file.size()}, {"base64", file.size() / 3 * 4}, {"body", file.size()}}) {
        ExchangeRequest r = request(url, how, false);
        r.body = file;
        r.parts = parts;
        EXPECT_FALSE(run(fixture, r)) << how;
        EXPECT_GE(received, least) << how;
    }
    const std::size_t memory = most_memory_of_a_child();
    EXPECT_GT(memory, 0u);
    EXPECT_LT(memory, 48u << 20);
}

TEST_F(IsolatedTest, a_stream_of_ten_thousand_events_keeps_its_order) {
    const FixtureProvider fixture("misbehaves", true);
    std::string body;
    for (int i = 0; i < 10'000; ++i) body += "data: {\"n\":" + std::to_string(i) + "}\n\n";
    ScriptedServer server(loop.io, stream_of(body + "data: [DONE]\n\n"));
    const std::string url = server.url();
    EXPECT_FALSE(run(fixture, request(url, "call")));
    ASSERT_EQ(sink.lines.size(), 10'000u);
    for (std::size_t i = 0; i < sink.lines.size(); ++i) {
        ASSERT_EQ(sink.lines[i], "chunk {\"n\":" + std::to_string(i) + "}");
    }
}

TEST_F(IsolatedTest, what_was_sent_on_does_not_count_against_a_long_stream) {
    const FixtureProvider fixture("misbehaves", true);
    const std::string frame = "data: {\"text\":\"" + std::string(1u << 20, 'x') + "\"}\n\n";
    constexpr std::size_t kFrames = (Recorder::kMaxUnsent >> 20) + 2;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        for (std::size_t i = 0; i < kFrames; ++i) co_await peer.send(frame);
        co_await peer.send("data: [DONE]\n\n");
    });
    const std::string url = server.url();
    EXPECT_FALSE(run(fixture, request(url, "call")));
    EXPECT_EQ(sink.lines.size(), kFrames);
}

TEST_F(IsolatedTest, no_process_and_no_descriptor_is_left_behind) {
    {
        const FixtureProvider warm("misbehaves", true);
        EXPECT_FALSE(run(warm, request("", "ok")));
    }
    loop.io.restart();
    loop.io.poll();
    const std::size_t children_before = children();
    const std::size_t descriptors_before = descriptors();
    for (int i = 0; i < 5; ++i) {
        const FixtureProvider fixture("misbehaves", true);
        EXPECT_FALSE(run(fixture, request("", "ok")));
        EXPECT_TRUE(run(fixture, request("", "crash")));
        EXPECT_FALSE(run_when_up(fixture, request("", "ok")));
        EXPECT_TRUE(becomes(children, children_before + 1)) << children();
    }
    loop.io.restart();
    loop.io.poll();
    EXPECT_TRUE(becomes(children, children_before)) << children();
    EXPECT_TRUE(becomes(descriptors, descriptors_before)) << descriptors();
}

TEST_F(IsolatedTest, one_that_crashes_again_and_again_is_worth_waiting_for) {
    const FixtureProvider fixture("misbehaves", true);
    for (const char* word : {"crash", "ok", "crash", "crash", "crash", "crash", "crash", "ok"}) {
        const auto error = run(fixture, request("", word));
        EXPECT_EQ(error ? error->http_status : 200, word[0] == 'c' ? 500 : 200) << word;
    }
}

TEST_F(IsolatedTest, a_fork_server_that_ended_is_started_again) {
    const FixtureProvider fixture("misbehaves", true);
    EXPECT_FALSE(run(fixture, request("", "ok")));
    const pid_t server = the_child_named("patchbay-plugin");
    ASSERT_GT(server, 0);
    ASSERT_EQ(::kill(server, SIGKILL), 0);
    EXPECT_FALSE(run(fixture, request("", "ok"))) << "its children live on";
    EXPECT_TRUE(run(fixture, request("", "crash")));
    EXPECT_FALSE(run_when_up(fixture, request("", "ok")));
    EXPECT_NE(the_child_named("patchbay-plugin"), server);
}

}  // namespace
}  // namespace patchbay
