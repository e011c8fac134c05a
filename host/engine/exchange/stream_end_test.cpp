// How a stream that is passed through may end, and what the plugin is told of it.
#include <gmock/gmock.h>

#include "engine/exchange/exchange.hpp"
#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using test::always;
using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using test::stream_of;
using testing::HasSubstr;
namespace asio = boost::asio;

struct StreamEndTest : test::ExchangeTest {};

const std::string kA =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
const std::string kB =
    "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":null}]}\n\n";
const std::string kStop =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kStopB =
    "data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kUsage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n";
const std::string kDone = "data: [DONE]\n\n";

std::string unended(std::string event) {
    event.resize(event.find_last_not_of('\n') + 1);
    return event;
}

struct Case {
    const char* name;
    std::string body;
    std::size_t chunks;
    const char* wrong;  ///< part of the plugin's message; nullptr: the answer is complete
};

const Case kCases[] = {
    {"both", kA + kStop + kUsage + kDone, 3, nullptr},
    {"finish_only", kA + kStop, 2, nullptr},
    {"finish_and_usage", kA + kStop + kUsage, 3, nullptr},
    {"end_mark_only", kA + kDone, 1, nullptr},
    {"neither", kA + kA, 2, "failure 3, status 200: the stream ended before its answer did"},
    {"usage_only", kUsage, 1, "failure 3, status 200: the stream ended before its answer did"},
    {"one_choice_of_two", kA + kB + kStop, 3, "failure 3"},
    {"two_choices", kA + kB + kStop + kStopB, 4, nullptr},
    {"unended_mark", kA + kStop + unended(kDone), 2, nullptr},
    {"unended_mark_line", kA + unended(kDone) + "\n", 1, nullptr},
    {"unended_finish", kA + unended(kStop), 2, nullptr},
    {"unended_content", kA + unended(kA), 2, "failure 3"},
    {"cut_event", kA + "data: {\"choices\"", 1, "failure 3"},
    {"cut_mark", kA + "data: [DO", 1, "failure 3"},
    {"cut_behind_the_finish", kA + kStop + "data: {\"choices\"", 2, nullptr},
    {"keep_alives",
     "data: null\n\n" + kA + "event: ping\ndata: 2026-01-01 12:00:00\n\n" + kStop +
         "data: {\"type\": \"ping\"}\n\n" + kDone,
     2, nullptr},
    {"only_keep_alives", "data: null\n\nevent: ping\ndata: {}\n\n", 0, "failure 4"},
    {"quoted_mark", kA + "data: \"[DONE]\"\n\n", 1, nullptr},
    {"mark_with_blanks", kA + "data:  [DONE] \n\n", 1, nullptr},
    {"what_comes_behind_the_mark", kDone + kA + "data: {\"error\":1}\n\n", 0, nullptr},
    {"events_without_data", "data:\n\n" + kA + ": x\n\ndata\n\nevent: ping\n\n" + kStop, 2,
     nullptr},
    {"errors_that_say_nothing",
     "data: {\"error\":null,\"choices\":[]}\n\ndata: {\"error\":{}}\n\n" + kStop, 3, nullptr},
    {"error", kA + "data: {\"error\":{\"code\":429}}\n\n" + kStop, 1, "{\"error\":{\"code\":429}}"},
    {"named_error", kA + "event: error\ndata: {\"message\":\"m\"}\n\n" + kStop, 1,
     "{\"message\":\"m\"}"},
    {"document", "{\"choices\":[{\"message\":{}}]}", 0, "{\"choices\":[{\"message\":{}}]}"},
    {"nothing", "", 0, "failure 4"},
    {"page", "<html>\nno\n", 0, "failure 4"},
};

TEST_F(StreamEndTest, is_the_same_however_the_body_ends) {
    const FixtureProvider fixture("passes_through");
    for (const Case& one : kCases) {
        for (const bool chunked : {false, true}) {
            sink.lines.clear();
            char size[20];
            std::snprintf(size, sizeof size, "%zx", one.body.size());
            std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            if (!one.body.empty()) answer += std::string(size) + "\r\n" + one.body + "\r\n";
            answer += "0\r\n\r\n";
            ScriptedServer server(loop.io, chunked ? always(answer) : stream_of(one.body));
            const auto error = run(fixture, request(server.url()));
            EXPECT_EQ(error.has_value(), one.wrong != nullptr) << one.name;
            if (error && one.wrong) {
                EXPECT_THAT(error->message, HasSubstr(one.wrong)) << one.name;
            }
            EXPECT_EQ(sink.lines.size(), one.chunks) << one.name;
        }
    }
}

// The connection goes inside the chunked coding, behind these bytes of the body.
TEST_F(StreamEndTest, a_connection_that_breaks_off_ends_an_answer_or_cuts_it) {
    const FixtureProvider fixture("passes_through");
    const struct {
        std::string body;
        bool complete;
    } cases[] = {
        {kA, false},
        {kA + kStop, true},
        {kA + unended(kStop), true},
        {kA + kB + kStop, false},
        {kA + kDone, true},
        {kA + unended(kDone), true},
    };
    for (const auto& one : cases) {
        for (const std::string behind : {"", "5\r\nab", "zz\r\n"}) {
            // Bytes behind an event that has no end belong to it.
            if (behind.starts_with('5') && !one.body.ends_with('\n')) continue;
            char size[20];
            std::snprintf(size, sizeof size, "%zx", one.body.size());
            const std::string sent = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                     std::string(size) + "\r\n" + one.body + "\r\n" + behind;
            ScriptedServer server(loop.io, [sent](Peer& peer, int) -> asio::awaitable<void> {
                co_await peer.request();
                co_await peer.send(sent);
            });
            const auto error = run(fixture, request(server.url()));
            EXPECT_EQ(!error.has_value(), one.complete) << one.body << behind;
        }
    }
}

TEST_F(StreamEndTest, silence_behind_the_answer_ends_it) {
    const FixtureProvider fixture("passes_through");
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + kA + kStop);
        co_await peer.closed();
    });
    const std::string url = server.url();
    auto r = request(url);
    r.timeouts.idle = std::chrono::milliseconds(300);
    EXPECT_FALSE(run(fixture, r));
}

TEST_F(StreamEndTest, a_compressed_body_is_refused_and_said_to_be_one) {
    const FixtureProvider fixture("passes_through");
    const auto server_of = [](int status) {
        return always("HTTP/1.1 " + std::to_string(status) +
                      " X\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x03");
    };
    ScriptedServer good(loop.io, server_of(200));
    for (const bool stream : {false, true}) {
        const auto error = run(fixture, request(good.url(), "m", stream));
        ASSERT_TRUE(error);
        EXPECT_THAT(error->message,
                    HasSubstr("failure 4, status 200: the answer is compressed (gzip)"));
    }
    ScriptedServer bad(loop.io, server_of(429));
    const auto error = run(fixture, request(bad.url()));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->upstream_body, "") << "what cannot be read is not shown";
    EXPECT_THAT(error->message, HasSubstr("status 429"));
}

}  // namespace
}  // namespace patchbay
