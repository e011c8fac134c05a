#include "contract/framing/ndjson_decoder.hpp"

#include "contract/framing/decoder_test_support.hpp"

namespace patchbay::http {
namespace {

const Sample kNdjson[] = {
    {"", {}},
    {"\n \n\t\n", {}},
    {"{\"a\":1}\n{\"b\":2}\n", {{"", "", "{\"a\":1}"}, {"", "", "{\"b\":2}"}}},
    {"{}\n\n\n[]", {{"", "", "{}"}, {"", "", "[]"}}},
    {" {} \n", {{"", "", " {} "}}},
    {"\"gr\xC3\xBC\xF0\x9F\x98\x80\"\n1",
     {{"", "", "\"gr\xC3\xBC\xF0\x9F\x98\x80\""}, {"", "", "1"}}},
};

TEST(NdjsonDecoder, gives_the_same_frames_for_every_split_and_line_end) {
    for (const Sample& sample : kNdjson) {
        for (const std::string_view line_end : {"\n", "\r\n"}) {
            expect_for_every_split<NdjsonDecoder>(replace_newlines(sample.body, line_end),
                                                  {sample.frames, sample.status});
        }
    }
    expect_for_every_split<NdjsonDecoder>("1\r\r\n2\r", {{{"", "", "1\r"}, {"", "", "2"}}});
}

TEST(NdjsonDecoder, refuses_what_is_larger_than_the_limit) {
    const Decoded refused{{{"", "", "12345"}}, DecodeStatus::too_large};
    expect_for_every_split<NdjsonDecoder>("12345\n123456", refused, 5);
    expect_for_every_split<NdjsonDecoder>("12345\n123456\n1\n", refused, 5);
    expect_for_every_split<NdjsonDecoder>("12345\n12345", {{{"", "", "12345"}, {"", "", "12345"}}},
                                          5);
}

TEST(NdjsonDecoder, frames_of_whole_lines_are_views_into_the_pushed_bytes) {
    NdjsonDecoder decoder;
    std::vector<Frame> frames;
    const std::string bytes = "{}\n[1]\n[2";
    ASSERT_EQ(decoder.push(bytes, frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    for (const Frame& f : frames) EXPECT_TRUE(inside(f.data, bytes));
    ASSERT_EQ(decoder.push("]\n", frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 3u);
    EXPECT_EQ(frames[2].data, "[2]");
}

TEST(NdjsonDecoder, agrees_with_the_reference_on_random_bodies) {
    compare_with_reference<NdjsonDecoder>({"\n", "\n", "\r\n", "\r", " ", "\t", "{}",
                                           "a longer value that is no small string", "\xEF"},
                                          reference_ndjson);
}

}  // namespace
}  // namespace patchbay::http
