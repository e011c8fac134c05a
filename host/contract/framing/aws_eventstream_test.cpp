#include "contract/framing/aws_eventstream.hpp"

#include "contract/framing/aws_eventstream_sample.hpp"
#include "contract/framing/decoder_test_support.hpp"

namespace patchbay::http {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(AwsEventStreamDecoder, reads_a_message_byte_for_byte) {
    // CRCs as zlib computes them.
    const std::string_view empty =
        "\x00\x00\x00\x10\x00\x00\x00\x00\x05\xC2\x48\xEB\x7D\x98\xC8\xFF"sv;
    EXPECT_EQ(aws_message("", ""), empty);
    expect_for_every_split<AwsEventStreamDecoder>(empty, {{{"", "", ""}}});
    const std::string_view small =
        "\x00\x00\x00\x19\x00\x00\x00\x06"
        "\xE1\xB1\x8F\xAF"
        "\x01k\x07\x00\x01v"
        "bay"
        "\x7D\x6D\xA5\x6A"sv;
    expect_for_every_split<AwsEventStreamDecoder>(small, {{{"", "", "bay", {{"k", "v"}}}}});
}

TEST(AwsEventStreamDecoder, gives_the_same_messages_for_every_split) {
    const std::string chunk =
        aws_message(aws_text(":event-type", "chunk") + aws_text(":message-type", "event"),
                    R"({"bytes":"e30="})");
    const std::string bare = aws_message("", "x");
    const std::string exception =
        aws_message(aws_text(":exception-type", "throttlingException"), "{}");
    const OwnedFrame chunk_frame{
        "chunk", "", R"({"bytes":"e30="})", {{":event-type", "chunk"}, {":message-type", "event"}}};
    const OwnedFrame exception_frame{
        "throttlingException", "", "{}", {{":exception-type", "throttlingException"}}};
    expect_for_every_split<AwsEventStreamDecoder>("", {});
    expect_for_every_split<AwsEventStreamDecoder>(chunk + bare, {{chunk_frame, {"", "", "x"}}});
    expect_for_every_split<AwsEventStreamDecoder>(
        bare + exception + bare, {{{"", "", "x"}, exception_frame, {"", "", "x"}}});
}

TEST(AwsEventStreamDecoder, gives_every_type_of_header_as_text) {
    const std::string headers =
        aws_header("yes", 0) + aws_header("no", 1) + aws_header("byte", 2, "\x80"sv) +
        aws_header("short", 3, "\xFF\xFE"sv) + aws_header("int", 4, "\x00\x00\xA0\x0C"sv) +
        aws_header("long", 5, big_endian(1ull << 63, 8)) +
        aws_header("bytes", 6, "\x00\x02\x00\xFF"sv) + aws_text("text", "gr\xC3\xBC\xC3\x9F") +
        aws_header("empty", 7, "\x00\x00"sv) + aws_header("time", 8, big_endian(1767225600123, 8)) +
        aws_header("uuid", 9,
                   "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF"sv) +
        aws_text("text", "again");
    const Headers texts = {{"yes", "true"},
                           {"no", "false"},
                           {"byte", "-128"},
                           {"short", "-2"},
                           {"int", "40972"},
                           {"long", "-9223372036854775808"},
                           {"bytes", std::string("\x00\xFF"sv)},
                           {"text", "gr\xC3\xBC\xC3\x9F"},
                           {"empty", ""},
                           {"time", "1767225600123"},
                           {"uuid", "00112233-4455-6677-8899-aabbccddeeff"},
                           {"text", "again"}};
    expect_for_every_split<AwsEventStreamDecoder>(aws_message(headers, "p"),
                                                  {{{"", "", "p", texts}}});
}

TEST(AwsEventStreamDecoder, names_a_message_by_its_event_type_first) {
    const std::string both =
        aws_message(aws_text(":exception-type", "e") + aws_text(":event-type", "t"), "");
    EXPECT_EQ(feed<AwsEventStreamDecoder>({both}).frames.at(0).event, "t");
}

TEST(AwsEventStreamDecoder, refuses_what_is_damaged) {
    const std::string good = aws_message(aws_text("a", "b"), "payload");
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        expect_for_every_split<AwsEventStreamDecoder>(
            good + bad + good, {{{"", "", "payload", {{"a", "b"}}}}, DecodeStatus::malformed});
        EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(good + bad),
                    HasSubstr("message at byte 29 of the event stream"));
        EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(good + bad),
                    HasSubstr(at < 12 ? "CRC of its prelude" : "its CRC"));
    }
}

TEST(AwsEventStreamDecoder, refuses_lengths_and_headers_that_contradict_each_other) {
    const auto prelude = [](std::uint32_t total, std::uint32_t headers) {
        const std::string lengths = big_endian(total, 4) + big_endian(headers, 4);
        return lengths + crc_field(lengths);
    };
    for (const auto& [total, headers] : {std::pair{0u, 0u}, {15u, 0u}, {16u, 1u}, {20u, ~0u}}) {
        const std::string body = prelude(total, headers) + std::string(20, 'x');
        expect_for_every_split<AwsEventStreamDecoder>(body, {{}, DecodeStatus::malformed});
        EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(body), HasSubstr("lengths contradict"));
    }
    for (const std::string& headers :
         {aws_header("", 0), aws_header("a", 10), aws_header("a", 4, "\x00\x00"sv),
          aws_header("a", 7, "\x00"sv), aws_header("a", 7, "\x00\x02x"sv), aws_header("a", 9, "x"),
          std::string("\x05"
                      "ab"),
          std::string("\x01"
                      "a")}) {
        const std::string body = aws_message(headers, "");
        expect_for_every_split<AwsEventStreamDecoder>(body, {{}, DecodeStatus::malformed});
        EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(body), HasSubstr("headers make no sense"));
    }
}

TEST(AwsEventStreamDecoder, refuses_what_is_larger_than_the_limit) {
    const std::string ok = aws_message("", "1234");
    const std::string large = aws_message("", "12345");
    const Decoded refused{{{"", "", "1234"}}, DecodeStatus::too_large};
    expect_for_every_split<AwsEventStreamDecoder>(ok + large, refused, 20);
    expect_for_every_split<AwsEventStreamDecoder>(ok + large.substr(0, 12), refused, 20);
    EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(ok + large, 20),
                HasSubstr("byte 20 of the event stream: it is larger"));

    std::string headers;
    while (headers.size() <= AwsEventStreamDecoder::kMaxHeaderBytes) {
        headers += aws_text("x", std::string(1000, 'x'));
    }
    EXPECT_EQ(feed<AwsEventStreamDecoder>({aws_message(headers, "")}).status,
              DecodeStatus::too_large);
}

TEST(AwsEventStreamDecoder, tells_a_stream_that_is_cut) {
    const std::string message = aws_message(aws_text("a", "b"), "payload");
    for (std::size_t size = 1; size < message.size(); ++size) {
        ASSERT_EQ(feed<AwsEventStreamDecoder>({message, std::string_view(message).substr(0, size)}),
                  (Decoded{{{"", "", "payload", {{"a", "b"}}}}, DecodeStatus::cut}))
            << size;
    }
    EXPECT_THAT(what_is_wrong<AwsEventStreamDecoder>(message.substr(0, 20)),
                HasSubstr("ended inside it"));
}

TEST(AwsEventStreamDecoder, many_messages_of_one_push_stay_valid) {
    std::string body;
    std::vector<OwnedFrame> expected;
    for (int i = 0; i < 500; ++i) {
        const std::string n = std::to_string(i);
        body += aws_message(aws_header("n", 4, big_endian(static_cast<unsigned>(i), 4)) +
                                aws_text(":event-type", "e" + n),
                            n);
        expected.push_back({"e" + n, "", n, {{"n", n}, {":event-type", "e" + n}}});
    }
    for (std::size_t piece = body.size(); piece > 0; piece /= 3) {
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < body.size(); at += piece) {
            pieces.push_back(std::string_view(body).substr(at, piece));
        }
        ASSERT_EQ(feed<AwsEventStreamDecoder>(pieces), (Decoded{expected})) << piece;
    }
}

TEST(AwsEventStreamDecoder, payloads_of_whole_messages_are_views_into_the_pushed_bytes) {
    AwsEventStreamDecoder decoder;
    std::vector<Frame> frames;
    const std::string bytes = aws_message(aws_text("a", "b"), "one") + aws_message("", "two");
    ASSERT_EQ(decoder.push(bytes, frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    for (const Frame& f : frames) EXPECT_TRUE(inside(f.data, bytes)) << f.data;
    EXPECT_TRUE(inside(frames[0].headers[0].value, bytes));
}

}  // namespace
}  // namespace patchbay::http
