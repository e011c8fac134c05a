#include "contract/framing/sse_decoder.hpp"

#include "contract/framing/decoder_test_support.hpp"

namespace patchbay::http {
namespace {

using namespace std::string_view_literals;

// LF stands for any line end.
const Sample kSse[] = {
    {"", {}},
    {"\n\n\n", {}},
    {"data: one\n\ndata: two\n\n", {{"", "", "one"}, {"", "", "two"}}},
    {"data:{\"a\":1}\n\ndata: [DONE]\n\n", {{"", "", "{\"a\":1}"}, {"", "", "[DONE]"}}},
    {"event: delta\ndata: {}\n\ndata: x\n\n", {{"delta", "", "{}"}, {"", "", "x"}}},
    {"data: late\nevent: name\n\n", {{"name", "", "late"}}},
    {"event: a\nevent: b\ndata: x\n\n", {{"b", "", "x"}}},
    {"event: a\nevent\ndata: x\n\n", {{"", "", "x"}}},
    {"event: lost\n\ndata: x\n\n", {{"", "", "x"}}},
    {"data: a\ndata: b\ndata:c\n\n", {{"", "", "a\nb\nc"}}},
    // An event without data keeps a connection open and is nothing.
    {"data\n\n", {}},
    {"data:\n\ndata: \n\ndata:  \t\n\ndata: x\n\n", {{"", "", "x"}}},
    {"event: ping\ndata:\n\ndata: x\n\n", {{"", "", "x"}}},
    {"data\ndata\n\n", {}},
    {"data: \ndata:  x\ndata\n\n", {{"", "", "\n x\n"}}},
    {"data:  two blanks\n\n", {{"", "", " two blanks"}}},
    {"data:\tx\n\n", {{"", "", "\tx"}}},
    {": ping\n\n:\n\ndata: x\n: in between\n\n", {{"", "", "x"}}},
    {"id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n",
     {{"", "1", "a"}, {"", "1", "b"}, {"", "2", "c"}, {"", "", "d"}}},
    {"id: 1\ndata: a\n\nid: x\0y\ndata: b\n\n"sv, {{"", "1", "a"}, {"", "1", "b"}}},
    {"data: a\0b\n\n"sv, {{"", "", std::string("a\0b"sv)}}},
    {"retry: 10\ndata: x\nretry: soon\n\n", {{"", "", "x"}}},
    {"dat: x\ndataa: y\n data: z\nDATA: u\nnonsense\ndata: x\n\n", {{"", "", "x"}}},
    {"data: a:b: c\n\n", {{"", "", "a:b: c"}}},
    {"\xEF\xBB\xBF"
     "data: x\n\n",
     {{"", "", "x"}}},
    {"\xEF\xBB\xBF\xEF\xBB\xBF"
     "data: x\ndata: y\n\n",
     {{"", "", "y"}}},
    {"\xEF\xBB"
     "data: x\ndata: y\n\n",
     {{"", "", "y"}}},
    {"data: x\n\n\xEF\xBB\xBF"
     "data: y\n\n",
     {{"", "", "x"}}},
    {"data: gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\n\n",
     {{"", "", "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80"}}},
    {"data: not utf-8 \xFF\xC3\n\n", {{"", "", "not utf-8 \xFF\xC3"}}},
    {"data: x\n\ndata: cut", {{"", "", "x"}}, DecodeStatus::cut},
    {"data: x\n\ndata: cut\n", {{"", "", "x"}}, DecodeStatus::cut},
    {"data: x\n\ndata", {{"", "", "x"}}},
    {"data: x\n\ndata:", {{"", "", "x"}}},
    {"data: x\n\ndat", {{"", "", "x"}}},
    {"data: x\n\ndatax", {{"", "", "x"}}},
    {"data: x\n\nevent: only\n", {{"", "", "x"}}},
    {"data: x\n\n: unfinished comment", {{"", "", "x"}}},
    {"data: x\nid: 1", {}, DecodeStatus::cut},
    // The last event may lack its blank line if its data is whole.
    {"data: {\"a\":1}", {{"", "", "{\"a\":1}"}}},
    {"data: {\"a\":1}\n", {{"", "", "{\"a\":1}"}}},
    {"id: 7\nevent: e\ndata: [1,\ndata: 2]", {{"e", "7", "[1,\n2]"}}},
    {"data: x\n\ndata: [DONE]", {{"", "", "x"}, {"", "", "[DONE]"}}},
    {"data: x\n\ndata: [DONE]\n", {{"", "", "x"}, {"", "", "[DONE]"}}},
    {"data: x\n\ndata: \"[DONE]\" \n", {{"", "", "x"}, {"", "", "\"[DONE]\" "}}},
    {"data: [DON", {}, DecodeStatus::cut},
    {"data: {\"a\":1", {}, DecodeStatus::cut},
    {"data: {\"a\":1}}", {}, DecodeStatus::cut},
    {"data: {\"a\":1}\nda", {{"", "", "{\"a\":1}"}}},
    {"data: 12", {}, DecodeStatus::cut},
    // Bytes behind the end mark are the host's to leave out.
    {"data: [DONE]\n\nnonsense", {{"", "", "[DONE]"}}},
    // A document where events were asked for.
    {"{\"error\":1}", {{"", "", "{\"error\":1}"}}},
    {": wait\n\n\n {\n\n \"a\": [1]\n}\n", {{"", "", " {\n\n \"a\": [1]\n}"}}},
    {"event: x\n[{}]", {{"x", "", "[{}]"}}},
    {"{\"a\":1", {}, DecodeStatus::cut},
    {"{\"a\":1}\ndata: x\n\n", {}, DecodeStatus::cut},
    {"data: x\n\n{\"a\":1}", {{"", "", "x"}}},
};

TEST(SseDecoder, gives_the_same_frames_for_every_split_and_line_end) {
    for (const Sample& sample : kSse) {
        const Decoded expected{sample.frames, sample.status};
        for (const std::string_view line_end : {"\n", "\r", "\r\n"}) {
            expect_for_every_split<SseDecoder>(replace_newlines(sample.body, line_end), expected);
        }
    }
}

TEST(SseDecoder, tells_a_document_from_events) {
    std::vector<Frame> frames;
    SseDecoder document;
    ASSERT_EQ(document.push("{\"a\":", frames), DecodeStatus::ok);
    ASSERT_EQ(document.push("1}\n", frames), DecodeStatus::ok);
    EXPECT_TRUE(frames.empty());
    ASSERT_EQ(document.finish(frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_TRUE(frames[0].whole);
    frames.clear();
    SseDecoder events;
    ASSERT_EQ(events.push("data: {}\n\ndata: {}", frames), DecodeStatus::ok);
    ASSERT_EQ(events.finish(frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_FALSE(frames[0].whole || frames[1].whole);
}

TEST(SseDecoder, mixes_line_ends) {
    expect_for_every_split<SseDecoder>(
        "data: a\r\rdata: b\n\r\ndata: c\r\n\ndata: d\n\rdata: e\r\n\r",
        {{{"", "", "a"}, {"", "", "b"}, {"", "", "c"}, {"", "", "d"}, {"", "", "e"}}});
}

TEST(SseDecoder, the_reference_agrees_with_the_samples) {
    for (const Sample& sample : kSse) {
        EXPECT_EQ(reference_sse(std::string(sample.body), kNoLimit),
                  (Decoded{sample.frames, sample.status}))
            << testing::PrintToString(sample.body);
    }
}

TEST(SseDecoder, refuses_what_is_larger_than_the_limit) {
    const Decoded refused{{{"", "", "ok"}}, DecodeStatus::too_large};
    // A line of 13 bytes, unfinished, finished, and as a comment; joined data of 13 bytes.
    for (const std::string_view body :
         {"data: ok\n\ndata: 1234567", "data: ok\n\ndata: 1234567\n\ndata: x\n\n",
          "data: ok\n\n:234567890123", "data: ok\n\ndata:1234567\ndata:12345\n\n",
          "data: ok\n\ndata:\ndata:12345\ndata:123456\ndata: x\n\n"}) {
        expect_for_every_split<SseDecoder>(body, refused, 12);
    }
    expect_for_every_split<SseDecoder>("data: 123456\n\ndata:123456\ndata:12345\n\n",
                                       {{{"", "", "123456"}, {"", "", "123456\n12345"}}}, 12);
}

TEST(SseDecoder, stays_refusing) {
    SseDecoder decoder(4);
    std::vector<Frame> frames;
    EXPECT_EQ(decoder.push("data: x", frames), DecodeStatus::too_large);
    EXPECT_EQ(decoder.push("\n\n", frames), DecodeStatus::too_large);
    EXPECT_EQ(decoder.finish(frames), DecodeStatus::too_large);
    EXPECT_TRUE(frames.empty());
}

TEST(SseDecoder, frames_of_whole_events_are_views_into_the_pushed_bytes) {
    SseDecoder decoder;
    std::vector<Frame> frames;
    const std::string bytes = "event: a\nid: 7\ndata: one\n\ndata: two\r\n\r\ndata: begun";
    ASSERT_EQ(decoder.push(bytes, frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    for (const Frame& f : frames) EXPECT_TRUE(inside(f.data, bytes)) << f.data;
    EXPECT_TRUE(inside(frames[0].event, bytes));
    EXPECT_TRUE(inside(frames[0].id, bytes));

    frames.clear();
    const std::string rest = "!\n\ndata: three\n\n";
    ASSERT_EQ(decoder.push(rest, frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].data, "begun!");
    EXPECT_EQ(frames[0].id, "7");
    EXPECT_TRUE(inside(frames[1].data, rest));
}

TEST(SseDecoder, may_be_moved_between_pushes) {
    std::vector<Frame> frames;
    SseDecoder first;
    ASSERT_EQ(first.push("id: 1\nevent: e\nda", frames), DecodeStatus::ok);
    SseDecoder second = std::move(first);
    ASSERT_EQ(second.push("ta: x\n\n", frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].event, "e");
    EXPECT_EQ(frames[0].id, "1");
    EXPECT_EQ(frames[0].data, "x");
}

TEST(SseDecoder, many_kept_frames_of_one_push_stay_valid) {
    std::string body;
    std::vector<OwnedFrame> expected;
    for (int i = 0; i < 500; ++i) {
        const std::string n = std::to_string(i);
        body += "event: e" + n + "\nid: " + n + "\ndata: a\ndata: " + n + "\n\n";
        expected.push_back({"e" + n, n, "a\n" + n});
    }
    EXPECT_EQ(feed<SseDecoder>({body}), (Decoded{expected}));
    for (std::size_t piece = 1; piece < 40; ++piece) {
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < body.size(); at += piece) {
            pieces.push_back(std::string_view(body).substr(at, piece));
        }
        ASSERT_EQ(feed<SseDecoder>(pieces), (Decoded{expected})) << piece;
    }
}

TEST(SseDecoder, agrees_with_the_reference_on_random_bodies) {
    compare_with_reference<SseDecoder>({"\n",
                                        "\n",
                                        "\n",
                                        "\r",
                                        "\r\n",
                                        "data",
                                        "data:",
                                        "data: ",
                                        "event: ",
                                        "event",
                                        "id",
                                        "id: ",
                                        "id:x\0"sv,
                                        ": ",
                                        " ",
                                        "x",
                                        "a longer value that is no small string",
                                        "\xEF\xBB\xBF",
                                        "\xEF",
                                        "\xBB",
                                        "\0"sv,
                                        "retry: 1",
                                        "{",
                                        "}",
                                        "[DONE]",
                                        "\n\ndata: {}\n\n"},
                                       reference_sse);
}

}  // namespace
}  // namespace patchbay::http
