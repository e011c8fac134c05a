#include "contract/json/json_reader.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "contract/json/json_oracle.hpp"

namespace patchbay {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kValid[] = {
    "null",
    " true ",
    "\t\r\n false\n",
    "0",
    "-0",
    "-12.5e+30",
    "1E5",
    "1e400",
    "123456789012345678901234567890",
    "\"\"",
    R"("a\"b\\c\/\b\f\n\r\t\u00e9\uD83D\uDE00")",
    R"("\ud800")",
    "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"",
    "\"\x7f\"",
    "[]",
    "[ ]",
    "{}",
    "{ }",
    "[1,2,[3,{}],{\"a\":[]}]",
    R"({"a":1,"a":{"b":[true,null]},"":"","c" : [ 1 , 2 ] })",
    R"({"a long member name, more than 16 bytes":"a long value, \" more than 16 bytes"})",
};

TEST(JsonReader, accepts_what_the_rfc_allows) {
    for (const std::string_view text : kValid) {
        EXPECT_TRUE(reader_accepts(text)) << text;
        EXPECT_NE(simdjson_verdict(text), JsonVerdict::invalid) << text;
    }
}

struct Invalid {
    std::string_view text;
    std::size_t at;
    std::string_view what;
};

constexpr Invalid kInvalid[] = {
    {"", 0, "a value expected"},
    {"  ", 2, "a value expected"},
    {"nul", 0, "a value expected"},
    {"NaN", 0, "a value expected"},
    {"Infinity", 0, "a value expected"},
    {"+1", 0, "a value expected"},
    {"-", 1, "a digit expected"},
    {"-a", 1, "a digit expected"},
    {"1.", 2, "a digit expected"},
    {".5", 0, "a value expected"},
    {"1e", 2, "a digit expected"},
    {"1e+", 3, "a digit expected"},
    {"\"", 1, "the string does not end"},
    {"\"abc", 4, "the string does not end"},
    {"\"a\\", 3, "the string does not end"},
    {"\"a\nb\"", 2, "control character in a string"},
    {"\"0123456789abcdef\x1f\"", 17, "control character in a string"},
    {"\"a\0\""sv, 2, "control character in a string"},
    {R"("\x")", 2, "unknown escape"},
    {"\"\\\0\""sv, 2, "unknown escape"},
    {R"("\u12g4")", 5, "four hexadecimal digits expected"},
    {R"("\u12)", 5, "four hexadecimal digits expected"},
    {"[", 1, "a value expected"},
    {"[1", 2, "',' or ']' expected"},
    {"[1,]", 3, "a value expected"},
    {"[,1]", 1, "a value expected"},
    {"[1 2]", 3, "',' or ']' expected"},
    {"[1}", 2, "',' or ']' expected"},
    {"{", 1, "a member name expected"},
    {"{a:1}", 1, "a member name expected"},
    {"{'a':1}", 1, "a member name expected"},
    {"{\"a\"}", 4, "':' expected"},
    {"{\"a\":}", 5, "a value expected"},
    {"{\"a\":1", 6, "',' or '}' expected"},
    {"{\"a\":1,}", 7, "a member name expected"},
    {"{\"a\":1]", 6, "',' or '}' expected"},
    {"{\"a\":[{]}", 7, "a member name expected"},
    {"]", 0, "a value expected"},
    {"// x\n1", 0, "a value expected"},
    {"\xEF\xBB\xBF{}", 0, "a value expected"},
};

TEST(JsonReader, refuses_the_rest_and_names_the_place) {
    for (const Invalid& invalid : kInvalid) {
        JsonReader reader(invalid.text);
        EXPECT_FALSE(reader.take_value()) << invalid.text;
        EXPECT_EQ(reader.at(), invalid.at) << invalid.text;
        EXPECT_EQ(reader.what(), invalid.what) << invalid.text;
    }
}

TEST(JsonReader, stops_behind_the_value) {
    JsonReader reader(" 01");
    EXPECT_TRUE(reader.take_value());
    EXPECT_EQ(reader.at(), 2u);
    EXPECT_FALSE(reader_accepts("01"));
    EXPECT_FALSE(reader_accepts("1 2"));
    EXPECT_FALSE(reader_accepts("nullx"));
    EXPECT_FALSE(reader_accepts("{}}"));
}

TEST(JsonReader, bounds_the_nesting) {
    const auto nested = [](unsigned depth, char open, char close) {
        std::string text;
        for (unsigned i = 0; i < depth; ++i) text += open == '{' ? "{\"a\":" : "[";
        return text + "1" + std::string(depth, close);
    };
    EXPECT_TRUE(reader_accepts(nested(kMaxJsonDepth, '[', ']')));
    EXPECT_TRUE(reader_accepts(nested(kMaxJsonDepth, '{', '}')));
    EXPECT_FALSE(reader_accepts(nested(kMaxJsonDepth + 1, '[', ']')));
    EXPECT_FALSE(reader_accepts(nested(kMaxJsonDepth + 1, '{', '}')));
    EXPECT_FALSE(reader_accepts(std::string(1000000, '[')));
    // Objects and arrays in turn, closed in the right and in the wrong order.
    EXPECT_TRUE(reader_accepts(R"([{"a":[{"b":[[{}]]}]}])"));
    EXPECT_FALSE(reader_accepts(R"([{"a":[{"b":[[{}]]]}}])"));
}

TEST(JsonReader, finds_the_end_of_strings_at_every_alignment) {
    for (std::size_t length = 0; length < 80; ++length) {
        const std::string inside(length, 'x');
        EXPECT_TRUE(reader_accepts('"' + inside + '"'));
        EXPECT_FALSE(reader_accepts('"' + inside));
        EXPECT_FALSE(reader_accepts('"' + inside + "\"\""));
        EXPECT_TRUE(reader_accepts('"' + inside + "\\\"\""));
        EXPECT_FALSE(reader_accepts('"' + inside + "\\\""));
        EXPECT_FALSE(reader_accepts('"' + inside + "\t\""));
    }
}

void compare_with_oracle(const std::string& text) {
    const bool accepted = reader_accepts(text);
    switch (simdjson_verdict(text)) {
        case JsonVerdict::valid:
            EXPECT_TRUE(accepted) << testing::PrintToString(text);
            break;
        case JsonVerdict::invalid:
            EXPECT_FALSE(accepted) << testing::PrintToString(text);
            break;
        case JsonVerdict::unsure:
            break;
    }
}

TEST(JsonReader, agrees_with_simdjson_on_every_prefix_and_changed_byte) {
    for (const std::string_view valid : kValid) {
        const std::string whole(valid);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            compare_with_oracle(whole.substr(0, i));
            compare_with_oracle(whole.substr(0, i) + whole.substr(i + 1));
            for (const char c : "\"\\{}[]:, \n0-.eEtu\x01\xC3\x80"sv) {
                std::string changed = whole;
                changed[i] = c;
                compare_with_oracle(changed);
            }
        }
    }
}

TEST(JsonReader, agrees_with_simdjson_on_random_texts) {
    const std::vector<std::string_view> words = {
        "{",     "}",           "[",
        "]",     ",",           ":",
        "\"",    "\"a\"",       "\"a\":",
        " ",     "1",           "-0.5",
        "1e3",   "0",           "true",
        "false", "null",        "\\",
        "\\n",   "\\u00e9",     "\n",
        "x",     "\xC3",        "[]",
        "{}",    "\"b\":[1,2]", "\"long enough for a block\"",
    };
    std::mt19937 random(20240607);
    for (int round = 0; round < 50000; ++round) {
        std::string text;
        for (std::size_t n = random() % 12; n > 0; --n) text += words[random() % words.size()];
        compare_with_oracle(text);
    }
}

TEST(DecodeJsonString, decodes_escapes) {
    std::string decoded;
    EXPECT_TRUE(decode_json_string(R"(plain)", decoded));
    EXPECT_EQ(decoded, "plain");
    EXPECT_TRUE(decode_json_string(R"(\"\\\/\b\f\n\r\tx)", decoded));
    EXPECT_EQ(decoded, "\"\\/\b\f\n\r\tx");
    EXPECT_TRUE(decode_json_string(R"(A\u0041\u00E9\u20ac\uD83D\ude00\u0000!)", decoded));
    EXPECT_EQ(decoded, "AA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0!"sv);
    for (const std::string_view lone : {R"(\ud83d)", R"(\ud83dx)", R"(\ude00)", R"(\ud83d\n)",
                                        R"(\ud83d\u0041)", R"(\ud83d\ud83d)"}) {
        EXPECT_FALSE(decode_json_string(lone, decoded)) << lone;
    }
}

}  // namespace
}  // namespace patchbay
