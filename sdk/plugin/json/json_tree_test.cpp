#include "patchbay/json_tree.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::json_tree {
namespace {

namespace json = boost::json;

std::string again(std::string_view text) {
    const Tree tree = read(text);
    return tree ? write(tree.value) : "refused: " + tree.error();
}

TEST(JsonTree, writes_what_it_read) {
    for (const char* text : {
             "null",
             "true",
             "false",
             "[]",
             "{}",
             R"("")",
             R"({"a":[1,-2,0.7,{"b":null}],"c":"\"\\\b\f\n\r\t\u0001\u001f/"})",
             R"(["žluťoučký","цапля","😀","\u007f"])",
             R"({"":{"":""}})",
         }) {
        EXPECT_EQ(again(text), std::string_view(text) == R"(["žluťoučký","цапля","😀","\u007f"])"
                                   ? "[\"žluťoučký\",\"цапля\",\"😀\",\"\x7f\"]"
                                   : text);
    }
    EXPECT_EQ(again(" [ 1 , { \"a\" : true } ] \r\n\t"), R"([1,{"a":true}])");
    EXPECT_EQ(again(R"("\/\u0041\u00e9\u0446\u20AC")"), R"("/Aéц€")");
}

// Strings are looked at eight bytes at a time: what is special is found wherever it stands.
TEST(JsonTree, finds_what_is_special_at_every_place) {
    const std::pair<std::string, std::string> specials[] = {
        {"\"", "\\\""},      {"\\", "\\\\"},
        {"\n", "\\n"},       {std::string(1, '\0'), "\\u0000"},
        {"\x1f", "\\u001f"}, {"\xed\xa0\x80", "\\ud800"},
        {"\x7f", "\x7f"},    {"\xed\x9f\xbf", "\xed\x9f\xbf"},
        {"\xff", "\xff"},
    };
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t behind = 0; behind < 20; ++behind) {
            for (const auto& [special, written] : specials) {
                const std::string head(before, '\x80');
                const std::string tail(behind, ' ');
                std::string out;
                append_string(head + special + tail, out);
                EXPECT_EQ(out, '"' + head + written + tail + '"') << before << ' ' << behind;
            }
            const std::string head(before, 'a');
            const std::string tail(behind, 'b');
            EXPECT_EQ(read('"' + head + "\\n" + tail + '"').value, json::value(head + "\n" + tail));
            for (const char bad : {'\n', '\x1f', '\0'}) {
                const auto tree = read('"' + head + bad + tail + '"');
                EXPECT_FALSE(tree);
                EXPECT_EQ(tree.at, before + 1);
            }
        }
    }
}

TEST(JsonTree, keeps_halves_of_pairs) {
    for (const char* text : {
             R"("\ud83d")",
             R"("cut \ud83d here")",
             R"(["\udfff","\ude00\ud83d","\ud83d\ud83d"])",
             R"({"\udc00":"\ud800x\udfff"})",
         }) {
        EXPECT_EQ(again(text), text);
    }
    EXPECT_EQ(again(R"("\uD83D")"), R"("\ud83d")");
    EXPECT_EQ(again(R"("\ud83d\uDe00")"), R"("😀")");
    EXPECT_EQ(again(R"("\ud83d\ud83d\ude00\ude00")"), R"("\ud83d😀\ude00")");
}

TEST(JsonTree, halves_that_meet_are_one_character) {
    std::string text;
    append_decoded(R"(cut \ud83d)", text);
    std::string other;
    append_decoded(R"(\ude00 whole)", other);
    std::string joined = text;
    join(joined, other);
    EXPECT_EQ(joined, "cut 😀 whole");
    // Put together by somebody who does not know of halves, they are written as one too.
    std::string written;
    append_string(text + other, written);
    EXPECT_EQ(written, R"("cut 😀 whole")");
    EXPECT_EQ(to_utf8(text + other), "cut 😀 whole");
}

TEST(JsonTree, finds_what_needs_an_escape_wherever_in_a_string_it_stands) {
    struct Case {
        std::string piece;
        std::string_view written;
    };
    const std::vector<Case> cases{{"\"", R"(\")"},
                                  {"\\", R"(\\)"},
                                  {"\n", R"(\n)"},
                                  {"\x1f", R"(\u001f)"},
                                  {"\xed\xa0\xbd", R"(\ud83d)"},
                                  {"\x7f", "\x7f"},
                                  {"\xed\x9f\xbf", "\xed\x9f\xbf"}};
    for (const Case& one : cases) {
        for (std::size_t before = 0; before < 18; ++before) {
            for (std::size_t behind = 0; behind < 18; ++behind) {
                const std::string left(before, 'x');
                const std::string right(behind, ' ');
                std::string out = "[";
                append_string(left + one.piece + right, out);
                EXPECT_EQ(out, "[\"" + left + std::string(one.written) + right + '"');
                EXPECT_EQ(read(out + ']').value.at(0).get_string(), left + one.piece + right);
            }
        }
    }
}

TEST(JsonTree, refuses_what_no_string_holds_wherever_it_stands) {
    for (const std::string_view piece : {"\x01", "\xff", "\xed\xa0\xbd", "\xc3", "\\x"}) {
        for (std::size_t before = 0; before < 18; ++before) {
            for (std::size_t behind = 0; behind < 18; ++behind) {
                const std::string left = '"' + std::string(before, 'x');
                const std::string text = left + std::string(piece) + std::string(behind, ' ') + '"';
                const Tree tree = read(text);
                EXPECT_FALSE(tree) << before << ' ' << behind;
                EXPECT_EQ(tree.at, left.size());
            }
        }
    }
}

TEST(JsonTree, halves_alone_become_replacement_characters_of_their_length) {
    std::string text;
    append_decoded(R"(a\ud83db\ude00)", text);
    EXPECT_TRUE(has_half(text));
    EXPECT_EQ(to_utf8(text), "a\uFFFDb\uFFFD");
    EXPECT_EQ(to_utf8(text).size(), text.size());
    for (const char* whole : {"", "a", "퟿", "\uE000", "😀", "\xed\x9f\xbf"}) {
        EXPECT_FALSE(has_half(whole));
        EXPECT_EQ(to_utf8(whole), whole);
    }
    json::value tree = read(R"({"\ud83d":["\ude00",1],"b":{"c":"\ud83d"}})").value;
    make_utf8(tree);
    EXPECT_EQ(json::serialize(tree), "{\"\uFFFD\":[\"\uFFFD\",1],\"b\":{\"c\":\"\uFFFD\"}}");
}

TEST(JsonTree, keeps_numbers_that_a_plain_one_would_change) {
    for (const char* text : {
             "12345678901234567890123",
             "-12345678901234567890123",
             "18446744073709551616",
             "-9223372036854775809",
             "1e999",
             "-1E+999",
             "1e-999",
             "1e99999999999999999999",
             "0.1000000000000000055511151231257827",
             "3.14159265358979323846264338327950288",
             "12345678901234567890.5",
             "1e3",
             "1E3",
             "1.5e3",
             "1e-7",
             "0e0",
             "-0",
         }) {
        EXPECT_EQ(again(text), text);
        EXPECT_TRUE(is_number_text(read(text).value)) << text;
        EXPECT_TRUE(is_number(read(text).value)) << text;
        EXPECT_FALSE(read(text).value.is_number()) << text;
        EXPECT_EQ(again(R"({"n":[)" + std::string(text) + "]}"),
                  R"({"n":[)" + std::string(text) + "]}");
    }
}

TEST(JsonTree, reads_other_numbers_as_plain_ones) {
    for (const char* text : {"0", "-1", "9223372036854775807", "-9223372036854775808",
                             "18446744073709551615", "7960607143101464576", "0.7", "-0.0", "1000.0",
                             "1e-05", "1e+22", "123456.789", "0.1", "1.7976931348623157e+308"}) {
        EXPECT_EQ(again(text), text);
        EXPECT_TRUE(read(text).value.is_number()) << text;
    }
    EXPECT_EQ(again("0.70"), "0.7");
    EXPECT_EQ(again("1.0000"), "1.0");
    EXPECT_EQ(again("0.00001"), "1e-05");
    EXPECT_TRUE(read("18446744073709551615").value.is_uint64());
    EXPECT_TRUE(read("1").value.is_int64());
    EXPECT_TRUE(read("1.0").value.is_double());
}

TEST(JsonTree, gives_the_value_of_either_kind_of_number) {
    EXPECT_EQ(number(read("1e3").value), 1000);
    EXPECT_EQ(number(read("7").value), 7);
    EXPECT_EQ(number(read("0.5").value), 0.5);
    EXPECT_EQ(number(read("12345678901234567890123").value), 12345678901234567890123.0);
    EXPECT_EQ(number(read("1e999").value), std::nullopt);
    EXPECT_EQ(number(read(R"("7")").value), std::nullopt);
    EXPECT_EQ(number_text_of(read("1e3").value), "1e3");
    EXPECT_EQ(number_text_of(read("7").value), "");
}

TEST(JsonTree, no_text_can_pass_for_a_number) {
    for (const char* text : {R"({"number":"1"})", R"({"\u00ffnumber":"1"})", R"({"1":"1"})"}) {
        ASSERT_TRUE(read(text));
        EXPECT_FALSE(is_number_text(read(text).value)) << text;
    }
    EXPECT_FALSE(read("{\"\xffnumber\":\"1\"}"));
}

TEST(JsonTree, writes_doubles_that_json_does_not_have_as_null) {
    EXPECT_EQ(write(json::value(1.0 / 0.0)), "null");
    EXPECT_EQ(write(json::value(1e21)), "1e+21");
}

TEST(JsonTree, the_last_of_repeated_members_wins_and_the_reader_says_so) {
    const Tree tree = read(R"({"a":1,"b":{"c":1,"\u0063":2},"a":3})");
    EXPECT_EQ(write(tree.value), R"({"a":3,"b":{"c":2}})");
    EXPECT_EQ(tree.repeated, "c");
    EXPECT_FALSE(read(R"([{"a":1},{"a":1}])").repeated);
}

TEST(JsonTree, says_what_is_wrong_and_where) {
    for (const auto& [text, error] :
         std::initializer_list<std::pair<std::string_view, const char*>>{
             {"", "a value expected at byte 0"},
             {"  ", "a value expected at byte 2"},
             {"nul", "a value expected at byte 0"},
             {"1 2", "the end expected at byte 2"},
             {"01", "the end expected at byte 1"},
             {"-", "a digit expected at byte 1"},
             {"1.", "a digit expected at byte 2"},
             {"1e+", "a digit expected at byte 3"},
             {"+1", "a value expected at byte 0"},
             {"[1", "',' or ']' expected at byte 2"},
             {"[1,]", "a value expected at byte 3"},
             {R"({"a")", "':' expected at byte 4"},
             {R"({"a":1)", "',' or '}' expected at byte 6"},
             {R"({"a":1,})", "a member name expected at byte 7"},
             {R"({1:1})", "a member name expected at byte 1"},
             {R"("a)", "the string does not end at byte 2"},
             {R"("\x")", "no escape of JSON at byte 1"},
             {R"("\u12g4")", "no escape of JSON at byte 1"},
             {R"("\u12)", "no escape of JSON at byte 1"},
             {"\"\\", "no escape of JSON at byte 1"},
             {"\"a\nb\"", "control character in a string at byte 2"},
             {"\"a\xff\"", "bytes that are no UTF-8 at byte 2"},
             {"\"\xed\xa0\xbd\"", "bytes that are no UTF-8 at byte 1"},
             {"\"\xc0\x80\"", "bytes that are no UTF-8 at byte 1"},
             {"\"\xf4\x90\x80\x80\"", "bytes that are no UTF-8 at byte 1"},
             {"\"12345678\xe2\x82\"", "bytes that are no UTF-8 at byte 9"},
             {std::string_view("\"\0\"", 3), "control character in a string at byte 1"},
             {std::string_view("1\0", 2), "the end expected at byte 1"},
         }) {
        const Tree tree = read(text);
        EXPECT_FALSE(tree) << text;
        EXPECT_EQ(tree.error(), error) << text;
        EXPECT_TRUE(tree.value.is_null());
    }
}

TEST(JsonTree, reads_700_levels) {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    EXPECT_EQ(again(nested(700)), nested(700));
    EXPECT_EQ(again(nested(701)), "refused: nested too deeply at byte 700");
    std::string objects;
    for (int i = 0; i < 700; ++i) objects += R"({"a":)";
    EXPECT_TRUE(read(objects + "1" + std::string(700, '}')));
    EXPECT_FALSE(read(objects + "{}" + std::string(700, '}')));
}

TEST(JsonTree, uses_the_storage_it_is_given) {
    json::monotonic_resource memory;
    const Tree tree =
        read(R"({"a":["text that is longer than the small ones",1e3,{"b":0.5}]})", &memory);
    const auto& list = tree.value.at("a").as_array();
    EXPECT_EQ(list.storage().get(), &memory);
    for (const json::value& item : list) EXPECT_EQ(item.storage().get(), &memory);
}

}  // namespace
}  // namespace patchbay::json_tree
