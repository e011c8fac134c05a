#include "contract/framing/json_array.hpp"

#include "contract/framing/decoder_test_support.hpp"

namespace patchbay::http {
namespace {

using testing::HasSubstr;

std::vector<OwnedFrame> elements(const std::vector<std::string_view>& texts) {
    std::vector<OwnedFrame> frames;
    for (const std::string_view text : texts) frames.push_back({"", "", std::string(text)});
    return frames;
}

struct ArraySample {
    std::string_view body;
    std::vector<std::string_view> elements;
    DecodeStatus status = DecodeStatus::ok;
};

const ArraySample kArrays[] = {
    {"[]", {}},
    {" \t\r\n[ \n]\r\n ", {}},
    {"\xEF\xBB\xBF[1]", {"1"}},
    {"\xEF\xBB\xBF \n[1]", {"1"}},
    {"[{\"a\":1}\n,\r\n{\"b\":[2]}\n]\n", {"{\"a\":1}", "{\"b\":[2]}"}},
    {"[{},[],[[]],{\"a\":{}}]", {"{}", "[]", "[[]]", "{\"a\":{}}"}},
    {"[1,-2.5e3 , true,false,null]", {"1", "-2.5e3", "true", "false", "null"}},
    {R"(["a","]","\"","\\","x\u005d,[{"])",
     {R"("a")", R"("]")", R"("\"")", R"("\\")", R"("x\u005d,[{")"}},
    {R"([{"a":"}],[{"},{"\"}":"\\"}])", {R"({"a":"}],[{"})", R"({"\"}":"\\"})"}},
    {"[ { \"a\" : [ 1 , 2 ] } ]", {"{ \"a\" : [ 1 , 2 ] }"}},
    {"[\"gr\xC3\xBC\xF0\x9F\x98\x80\"]", {"\"gr\xC3\xBC\xF0\x9F\x98\x80\""}},
    // Not an array, or more than one.
    {"{}", {}, DecodeStatus::malformed},
    {"\"[1]\"", {}, DecodeStatus::malformed},
    {"data: [1]", {}, DecodeStatus::malformed},
    {" \xEF\xBB\xBF[1]", {}, DecodeStatus::malformed},
    {"\xEF\xBB[1]", {}, DecodeStatus::malformed},
    {"[1]]", {"1"}, DecodeStatus::malformed},
    {"[1] [2]", {"1"}, DecodeStatus::malformed},
    {"[1],", {"1"}, DecodeStatus::malformed},
    {"[]x", {}, DecodeStatus::malformed},
    // Commas.
    {"[,]", {}, DecodeStatus::malformed},
    {"[1,]", {"1"}, DecodeStatus::malformed},
    {"[1,,2]", {"1"}, DecodeStatus::malformed},
    {"[1 2]", {"1"}, DecodeStatus::malformed},
    {"[{}{}]", {"{}"}, DecodeStatus::malformed},
    {"[\"a\"\"b\"]", {"\"a\""}, DecodeStatus::malformed},
    {"[{}\n1]", {"{}"}, DecodeStatus::malformed},
    {"[1:2]", {}, DecodeStatus::malformed},
    // Elements that are not JSON.
    {"[{\"a\":1]", {}, DecodeStatus::malformed},
    {"[[1}]", {}, DecodeStatus::malformed},
    {"[}]", {}, DecodeStatus::malformed},
    {"[1}]", {}, DecodeStatus::malformed},
    {"[{\"a\" 1}]", {}, DecodeStatus::malformed},
    {"[{\"a\":}]", {}, DecodeStatus::malformed},
    {"[{a:1}]", {}, DecodeStatus::malformed},
    {"[[1,]]", {}, DecodeStatus::malformed},
    {"[01]", {}, DecodeStatus::malformed},
    {"[tru]", {}, DecodeStatus::malformed},
    {"[truefalse]", {}, DecodeStatus::malformed},
    {"[1\"a\"]", {}, DecodeStatus::malformed},
    {R"(["\x"])", {}, DecodeStatus::malformed},
    {R"(["\u12"])", {}, DecodeStatus::malformed},
    {"[\"a\nb\"]", {}, DecodeStatus::malformed},
    {"[{},{]", {"{}"}, DecodeStatus::malformed},
    // Ends too early.
    {"", {}, DecodeStatus::cut},
    {" \n", {}, DecodeStatus::cut},
    {"\xEF\xBB", {}, DecodeStatus::cut},
    {"[", {}, DecodeStatus::cut},
    {"[1", {}, DecodeStatus::cut},
    {"[1,2 ", {"1", "2"}, DecodeStatus::cut},
    {"[1,", {"1"}, DecodeStatus::cut},
    {"[{\"a\":1}", {"{\"a\":1}"}, DecodeStatus::cut},
    {"[{\"a\":\"]", {}, DecodeStatus::cut},
    {R"(["a\)", {}, DecodeStatus::cut},
};

TEST(JsonArrayDecoder, gives_the_same_elements_for_every_split) {
    for (const ArraySample& sample : kArrays) {
        expect_for_every_split<JsonArrayDecoder>(sample.body,
                                                 {elements(sample.elements), sample.status});
    }
}

TEST(JsonArrayDecoder, says_where_it_is_wrong) {
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("[1, 2"), "the body ended before its JSON array did");
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("[1, 2] 3"),
              "byte 7 of the body: nothing expected after the array");
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("[1 2]"), "byte 3 of the body: ',' or ']' expected");
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("[1, {\"a\":x}]"),
              "byte 9 of the body: a value expected");
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("[1, 2:3]"),
              "byte 5 of the body: ',' or ']' expected");
    EXPECT_EQ(what_is_wrong<JsonArrayDecoder>("<html>"),
              "byte 0 of the body: a JSON array expected");
}

TEST(JsonArrayDecoder, bounds_the_size_of_an_element) {
    for (const std::string_view large :
         {"123456", "\"1234\"", "[1,22]", "{    }", "[12345", R"({"":{})", "tralala"}) {
        const std::string body = "[\"123\" ,\n" + std::string(large) + ",1]";
        expect_for_every_split<JsonArrayDecoder>(
            body, {elements({"\"123\""}), DecodeStatus::too_large}, 5);
    }
    expect_for_every_split<JsonArrayDecoder>("[12345, [1,2] ,\"123\"]",
                                             {elements({"12345", "[1,2]", "\"123\""})}, 5);
    expect_for_every_split<JsonArrayDecoder>("[1", {{}, DecodeStatus::too_large}, 0);
}

TEST(JsonArrayDecoder, bounds_nesting) {
    const auto nested = [](std::size_t depth) {
        return "[1," + std::string(depth, '[') + std::string(depth, ']') + "]";
    };
    EXPECT_EQ(feed<JsonArrayDecoder>({nested(kMaxJsonDepth)}).status, DecodeStatus::ok);
    const std::string deep = nested(kMaxJsonDepth + 1);
    const Decoded refused{elements({"1"}), DecodeStatus::too_large};
    EXPECT_EQ(feed<JsonArrayDecoder>({deep}), refused);
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < deep.size(); ++i) {
        bytes.push_back(std::string_view(deep).substr(i, 1));
    }
    EXPECT_EQ(feed<JsonArrayDecoder>(bytes), refused);
    EXPECT_THAT(what_is_wrong<JsonArrayDecoder>(deep),
                HasSubstr("byte 3 of the body is nested too deeply"));
}

TEST(JsonArrayDecoder, whole_elements_are_views_into_the_pushed_bytes) {
    JsonArrayDecoder decoder;
    std::vector<Frame> frames;
    const std::string bytes = "[{\"a\":1}, 22, [3";
    ASSERT_EQ(decoder.push(bytes, frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 2u);
    for (const Frame& f : frames) EXPECT_TRUE(inside(f.data, bytes)) << f.data;
    frames.clear();
    ASSERT_EQ(decoder.push("]]", frames), DecodeStatus::ok);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].data, "[3]");
}

// Whole arrays, and what one wrong byte makes of them.
TEST(JsonArrayDecoder, agrees_with_the_reference_on_random_bodies) {
    std::mt19937 random(20240607);
    const auto below = [&](std::size_t n) { return std::size_t{random()} % n; };
    const std::string_view values[] = {
        "1",    "-0.5", "true", "\"\"",          "\"a]\\\"\"",
        "null", "{}",   "[ ]",  "{\"a\":[1,2]}", "[[{\"b\":\"}\"}]]"};
    const std::string_view spaces[] = {"", "", " ", "\r\n"};
    for (int round = 0; round < 20000; ++round) {
        std::string body = std::string(below(4) == 0 ? "\xEF\xBB\xBF" : "") + "[";
        for (std::size_t n = below(6), i = 0; i < n; ++i) {
            if (i != 0) body += ",";
            body.append(spaces[below(4)]).append(values[below(10)]).append(spaces[below(4)]);
        }
        body += "]";
        if (below(2) == 0) body[below(body.size())] = "[]{},:\"\\ 1x"[below(11)];
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < body.size();) {
            pieces.push_back(std::string_view(body).substr(at, below(5)));
            at += pieces.back().size();
        }
        const Decoded expected = reference_json_array(body);
        const Decoded got = feed<JsonArrayDecoder>(pieces);
        ASSERT_EQ(got, feed<JsonArrayDecoder>({body})) << body;
        ASSERT_EQ(got.status == DecodeStatus::ok, expected.status == DecodeStatus::ok) << body;
        if (expected.status == DecodeStatus::ok) {
            ASSERT_EQ(got.frames, expected.frames) << body;
        }
    }
}

}  // namespace
}  // namespace patchbay::http
