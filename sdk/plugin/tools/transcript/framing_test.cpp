// Bodies that are cut into frames, as the player gives them to a plugin.
#include <gtest/gtest.h>

#include "contract/crypto/base64.hpp"
#include "contract/framing/aws_eventstream_sample.hpp"
#include "player_case.hpp"

namespace patchbay::transcript {
namespace {

std::string base64(std::string_view bytes) {
    std::string text;
    append_base64(text, bytes);
    return text;
}

// An exchange of the fixture that tells of every frame in a line. Its answer is bytes, so the
// operation is one whose answers are.
std::string framed(const std::string& decode, const std::string& answer) {
    return "== target\n{\"model\":\"lines+" + decode +
           "\",\"base_url\":\"https://up\"}\n== request operation=audio.speech\n{}\n"
           "== expect http POST https://up " +
           (decode == "aws"     ? "aws_eventstream"
            : decode == "array" ? "json_array"
                                : decode.substr(0, decode.find('+'))) +
           "\n" + answer;
}

std::string aws(const std::string& body, const std::string& then) {
    return framed("aws", "== upstream 200 base64\n\n" + base64(body) + "\n" + then);
}

std::string body(const std::string& lines) {
    return "== expect body text/plain\n" + lines + "\n";
}

std::string failure(const std::string& message) {
    return "== expect fail\n{\"cls\":\"upstream\",\"message\":\"" + message + "\"}\n";
}

std::string damaged(std::string message) {
    message.back() = static_cast<char>(message.back() ^ 1);
    return message;
}

std::string over_the_limit() {
    const std::string lengths = http::big_endian(64u << 20, 4) + http::big_endian(0, 4);
    return lengths + http::crc_field(lengths);
}

const std::string kHello = http::aws_message(
    http::aws_text(":event-type", "chunk") + http::aws_header("n", 4, http::big_endian(7, 4)),
    "{\"a\":1}");
const std::string kHelloLine = "frame [chunk] :event-type=chunk n=7 {\"a\":1}\n";

class FramingTest : public ::testing::TestWithParam<Case> {};

TEST_P(FramingTest, plays) {
    expect_as_told(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, FramingTest,
    ::testing::Values(
        Case{"aws_messages_with_their_headers", "reads_frames",
             aws(kHello + http::aws_message(http::aws_text(":exception-type", "slow"), ""),
                 body(kHelloLine + "frame [slow] :exception-type=slow \n") + "== expect done\n"),
             ""},
        Case{"an_aws_header_that_is_not_there", "reads_frames",
             aws(kHello, body("frame [chunk] :event-type=chunk {\"a\":1}\n") + "== expect done\n"),
             "expect body does not fit"},
        Case{"an_aws_message_with_a_bad_crc", "reads_frames",
             aws(kHello + damaged(kHello),
                 body(kHelloLine) + failure("failure 4, status 200: message at byte " +
                                            std::to_string(kHello.size()) +
                                            " of the event stream: its CRC is wrong")),
             ""},
        Case{"an_aws_message_over_the_limit", "reads_frames",
             aws(kHello + over_the_limit(),
                 body(kHelloLine) + failure("failure 5, status 200: message at byte " +
                                            std::to_string(kHello.size()) +
                                            " of the event stream: it is larger than the limit")),
             ""},
        Case{"an_aws_message_that_is_cut", "reads_frames",
             aws(kHello + kHello.substr(0, 20),
                 body(kHelloLine) + failure("failure 3, status 200: message at byte " +
                                            std::to_string(kHello.size()) +
                                            " of the event stream: the stream ended inside it")),
             ""},
        Case{"a_recorded_end_within_an_aws_message", "reads_frames",
             aws(kHello + kHello.substr(0, 20),
                 "== upstream-end timeout\n" + body(kHelloLine) +
                     failure("failure 2, status 200: the transcript says so")),
             ""},
        Case{"elements_of_an_array", "reads_frames",
             framed("array", "== upstream 200\n\n[{\"a\":\"],\"} ,\n 2, \"[DONE]\"]\n" +
                                 body("frame [] {\"a\":\"],\"}\nframe [] 2\n"
                                      "frame [] \"[DONE]\"\n") +
                                 "== expect done\n"),
             ""},
        Case{"an_array_with_a_fault", "reads_frames",
             framed("array",
                    "== upstream 200\n\n[1 2]\n" + body("frame [] 1\n") +
                        failure("failure 4, status 200: byte 3 of the body: ',' or ']' expected")),
             ""},
        Case{"an_array_that_is_cut", "reads_frames",
             framed("array", "== upstream 200\n\n[1, [\n" + body("frame [] 1\n") +
                                 failure("failure 3, status 200: the body ended before its JSON "
                                         "array did")),
             ""},
        Case{"a_bad_status_brings_the_whole_body", "reads_frames",
             framed("array",
                    "== upstream 429\n\n[{\"error\":1}]\n== expect fail\n"
                    "{\"upstream_status\":429,\"upstream_body\":\"[{\\\"error\\\":1}]\"}"
                    "\n"),
             ""},
        Case{"no_end_mark_in_a_binary_stream", "reads_frames",
             aws(http::aws_message("", "[DONE]") + http::aws_message("", "x"),
                 body("frame [] [DONE]\nframe [] x\n") + "== expect done\n"),
             ""},
        Case{"nothing_behind_the_end_mark_of_events", "reads_frames",
             framed("sse",
                    "== upstream 200\ncontent-type: text/event-stream\n\ndata: 1\n\ndata: [DONE]\n"
                    "\ndata: 2\n\n== upstream-end reset\n" +
                        body("frame [] 1\n") + "== expect done\n"),
             ""},
        Case{"a_head_of_its_own", "reads_frames",
             framed("ndjson+head",
                    "== upstream 200\n\n1\n== expect head 206\n"
                    "X-Frames: in lines\n!x-other\n" +
                        body("frame [] 1\n") + "== expect done\n"),
             ""},
        Case{"another_head", "reads_frames",
             framed("ndjson+head", "== upstream 200\n\n1\n== expect head 200\nx-frames: 2\n"),
             "expected status 200, got 206\n    header x-frames: expected '2', got 'in lines'"},
        Case{"nothing_behind_the_end_mark_of_lines", "reads_frames",
             framed("ndjson", "== upstream 200\n\n1\n[DONE]\n2\n" + body("frame [] 1\n") +
                                  "== expect done\n"),
             ""}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace patchbay::transcript
