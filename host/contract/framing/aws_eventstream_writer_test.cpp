#include "contract/framing/aws_eventstream_writer.hpp"

#include <gtest/gtest.h>

#include "contract/framing/aws_eventstream.hpp"
#include "contract/framing/aws_eventstream_sample.hpp"

namespace patchbay::http {
namespace {

using namespace std::string_view_literals;

std::string message(std::string_view event, std::string_view payload) {
    std::string text = "before";
    AwsMessage one(text);
    one.header(":event-type", event);
    one.header(":message-type", "event");
    one.begin_payload();
    text += payload;
    one.end();
    return text.substr(6);
}

TEST(AwsMessage, is_what_is_written_by_hand) {
    std::string text;
    AwsMessage empty(text);
    empty.begin_payload();
    empty.end();
    // CRCs as zlib computes them.
    EXPECT_EQ(text, "\x00\x00\x00\x10\x00\x00\x00\x00\x05\xC2\x48\xEB\x7D\x98\xC8\xFF"sv);
    for (const std::string_view payload : {""sv, "{}"sv, "a\0b"sv}) {
        const auto headers = aws_text(":event-type", "chunk") + aws_text(":message-type", "event");
        EXPECT_EQ(message("chunk", payload), aws_message(headers, payload));
    }
}

TEST(AwsMessage, is_read_back_by_the_decoder) {
    const std::string long_value(65535, 'v');
    const std::string payload(100000, 'p');
    const std::string stream = message("one", "{}") + message(long_value, payload);
    AwsEventStreamDecoder decoder;
    std::vector<Frame> frames;
    ASSERT_EQ(decoder.push(stream, frames), DecodeStatus::ok) << decoder.what();
    ASSERT_EQ(decoder.finish(frames), DecodeStatus::ok) << decoder.what();
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].event, "one");
    EXPECT_EQ(frames[0].data, "{}");
    EXPECT_EQ(frames[1].event, long_value);
    EXPECT_EQ(frames[1].data, payload);
}

}  // namespace
}  // namespace patchbay::http
