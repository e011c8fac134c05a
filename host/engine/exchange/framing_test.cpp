// Answers in framings other than SSE, as a plugin sees them.
#include <gmock/gmock.h>

#include "contract/framing/aws_eventstream_sample.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using http::aws_header;
using http::aws_message;
using http::aws_text;
using http::big_endian;
using test::always;
using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using test::stream_of;
using test::whole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace asio = boost::asio;

/// A body of known length that is sent in two pieces, with the client's reading in between.
ScriptedServer::Script in_two_pieces(std::string body, std::size_t cut) {
    return [body, cut](Peer& peer, int) -> asio::awaitable<void> {
        peer.socket().set_option(asio::ip::tcp::no_delay(true));
        co_await peer.request();
        co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\n\r\n" + body.substr(0, cut));
        co_await asio::post(peer.socket().get_executor(), asio::use_awaitable);
        co_await peer.send(body.substr(cut));
    };
}

std::string two_messages() {
    return aws_message(aws_text(":event-type", "chunk") + aws_header("n", 4, big_endian(7, 4)),
                       R"({"a":1})") +
           aws_message(aws_text(":exception-type", "throttlingException"), "{}");
}

struct FramingTest : test::ExchangeTest {};

TEST_F(FramingTest, aws_messages_come_with_their_headers) {
    const FixtureProvider fixture("reads_frames");
    ScriptedServer server(loop.io, stream_of(two_messages()));
    const std::string url = server.url();
    EXPECT_FALSE(run(fixture, request(url, "aws")));
    EXPECT_THAT(
        sink.lines,
        ElementsAre("chunk frame [chunk] :event-type=chunk n=7 {\"a\":1}",
                    "chunk frame [throttlingException] :exception-type=throttlingException {}"));
    EXPECT_EQ(sink.flushed, 2u);
}

TEST_F(FramingTest, what_comes_behind_the_end_mark_in_the_same_piece_is_of_no_interest) {
    const FixtureProvider fixture("reads_frames");
    ScriptedServer server(loop.io, stream_of("data: 1\n\ndata: [DONE]\n\ndata: 2\n\n"));
    const std::string url = server.url();
    EXPECT_FALSE(run(fixture, request(url, "sse")));
    EXPECT_THAT(sink.lines, ElementsAre("chunk frame [] 1"));
}

TEST_F(FramingTest, frames_do_not_depend_on_how_the_bytes_arrive) {
    const FixtureProvider fixture("reads_frames");
    const std::string array = R"([{"a":"],"} , 2])";
    const struct {
        const char* decode;
        std::string body;
        std::vector<std::string> lines;
    } samples[] = {
        {"aws",
         two_messages(),
         {"chunk frame [chunk] :event-type=chunk n=7 {\"a\":1}",
          "chunk frame [throttlingException] :exception-type=throttlingException {}"}},
        {"array", array, {"chunk frame [] {\"a\":\"],\"}", "chunk frame [] 2"}},
    };
    for (const auto& sample : samples) {
        for (std::size_t cut = 0; cut <= sample.body.size(); cut += 3) {
            sink.lines.clear();
            ScriptedServer server(loop.io, in_two_pieces(sample.body, cut));
            const std::string url = server.url();
            EXPECT_FALSE(run(fixture, request(url, sample.decode))) << cut;
            EXPECT_EQ(sink.lines, sample.lines) << cut;
        }
    }
}

TEST_F(FramingTest, an_end_mark_of_text_streams_is_data_in_a_binary_one) {
    const FixtureProvider fixture("reads_frames");
    ScriptedServer server(loop.io, stream_of(aws_message("", "[DONE]") + aws_message("", "x")));
    const std::string url = server.url();
    EXPECT_FALSE(run(fixture, request(url, "aws")));
    EXPECT_THAT(sink.lines, ElementsAre("chunk frame [] [DONE]", "chunk frame [] x"));
}

TEST_F(FramingTest, what_is_wrong_with_a_body_is_told_behind_what_was_right) {
    const FixtureProvider fixture("reads_frames");
    const std::string good = aws_message("", "1");
    std::string damaged = aws_message("", "2");
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    const std::string lengths = big_endian(64u << 20, 4) + big_endian(0, 4);
    const struct {
        const char* decode;
        std::string body;
        std::string_view message;
    } samples[] = {
        {"aws", good + damaged,
         "failure 4, status 200: message at byte 17 of the event stream: its CRC"},
        {"aws", good + "HTTP/1.1 500 no",
         "failure 4, status 200: message at byte 17 of the event stream: the CRC of its prelude"},
        {"aws", good + lengths + http::crc_field(lengths),
         "failure 5, status 200: message at byte 17 of the event stream: it is larger"},
        {"aws", good + good.substr(0, 9),
         "failure 3, status 200: message at byte 17 of the event stream: the stream ended"},
        {"array", "[1 2]", "failure 4, status 200: byte 3 of the body: ',' or ']' expected"},
        {"array", "[1, {\"a\":]}", "failure 4, status 200: byte 9 of the body: a value expected"},
        {"array", "[1] x", "failure 4, status 200: byte 4 of the body: nothing expected"},
        {"array", "[1, " + std::string(1000, '['), "failure 5, status 200: the element at byte 4"},
        {"array", "[1, [", "failure 3, status 200: the body ended before its JSON array did"},
    };
    for (const auto& sample : samples) {
        sink.lines.clear();
        ScriptedServer server(loop.io, stream_of(sample.body));
        const std::string url = server.url();
        const auto error = run(fixture, request(url, sample.decode));
        ASSERT_TRUE(error) << sample.message;
        EXPECT_THAT(error->message, HasSubstr(sample.message));
        EXPECT_THAT(sink.lines, ElementsAre("chunk frame [] 1")) << sample.message;
    }
}

TEST_F(FramingTest, a_bad_status_brings_the_whole_body) {
    const FixtureProvider fixture("reads_frames");
    for (const char* decode : {"aws", "array"}) {
        ScriptedServer server(loop.io, always(whole(429, "[{\"error\":1}]")));
        const std::string url = server.url();
        const auto error = run(fixture, request(url, decode));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->upstream_body, "[{\"error\":1}]");
        EXPECT_THAT(sink.lines, IsEmpty());
    }
}

}  // namespace
}  // namespace patchbay
