#include "contract/json/member_walker.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "contract/json/json_reader.hpp"

namespace patchbay {
namespace {

using Members = std::vector<std::pair<std::string, std::string>>;

// The members by way of a copy of exactly the text's size, so that a sanitizer sees reads behind
// it.
bool walk(std::string_view text, Members& members) {
    const std::vector<char> copy(text.begin(), text.end());
    MemberWalker walker({copy.data(), copy.size()});
    for (JsonMember m; walker.next(m);) members.emplace_back(m.name, m.value);
    JsonMember after;
    EXPECT_FALSE(walker.next(after));
    return walker.complete();
}

TEST(MemberWalker, lists_the_members) {
    Members members;
    EXPECT_TRUE(walk(
        " {\"a\":1 , \"b\" : [1,{\"x\":\"]}\"}] ,\"a\":\"\\\"}\",\"\":{},\"n\":null}\n", members));
    EXPECT_EQ(members, (Members{{"a", "1"},
                                {"b", "[1,{\"x\":\"]}\"}]"},
                                {"a", "\"\\\"}\""},
                                {"", "{}"},
                                {"n", "null"}}));
    members.clear();
    EXPECT_TRUE(walk("{ }", members));
    EXPECT_TRUE(members.empty());
}

TEST(MemberWalker, is_incomplete_where_the_text_is_no_object) {
    for (const std::string_view text : {"",
                                        " ",
                                        "null",
                                        "[]",
                                        "\"a\"",
                                        "{",
                                        "}",
                                        "{a:1}",
                                        "{\"a\"",
                                        "{\"a\"}",
                                        "{\"a\":",
                                        "{\"a\":}",
                                        "{\"a\":1",
                                        "{\"a\":1,",
                                        "{\"a\":1,}",
                                        "{\"a\":1 \"b\":2}",
                                        "{,}",
                                        "{\"a\":[1}",
                                        "{\"a\":{}",
                                        "{\"a\":\"x}",
                                        "{\"a\":\"x\\\"}",
                                        "{\"a\":\"\\",
                                        "{} x",
                                        "{}{}",
                                        "{\"a\":]}",
                                        "{\"a\":,}"}) {
        Members members;
        EXPECT_FALSE(walk(text, members)) << text;
    }
}

TEST(MemberWalker, skips_nested_values_at_every_alignment) {
    for (const std::string_view nested :
         {"[]", "{}", R"([{"a":"]]]]}}}}"},[[["\"]"]]]])",
          R"({"k":"\\","l":{"m":[{"n":"}\\\"]"}]}})",
          R"([[[[[[[[[[[[[[[[[[[[[[[[[["0123456789abcdef0123456789"]]]]]]]]]]]]]]]]]]]]]]]]]])",
          R"(["\\\\\\\\\\\\\\\\","\\\\\\\\\\\\\\\\\"]",{"x":"{[{[{[{[{[{[{["}])"}) {
        for (std::size_t shift = 0; shift < 36; ++shift) {
            for (std::size_t behind = 0; behind < 20; ++behind) {
                const std::string text = "{" + std::string(shift, ' ') +
                                         "\"n\":" + std::string(nested) +
                                         ",\"z\":" + std::string(behind + 1, '1') + "}";
                Members members;
                EXPECT_TRUE(walk(text, members)) << text;
                ASSERT_EQ(members.size(), 2u) << text;
                EXPECT_EQ(members[0].second, nested) << text;
                // Without its last bracket the object does not end.
                members.clear();
                EXPECT_FALSE(walk(std::string_view(text).substr(0, text.size() - 1), members))
                    << text;
            }
        }
    }
}

std::string random_value(std::mt19937& random, int depth) {
    static const std::vector<std::string> leaves = {
        "1",
        "-2.5e3",
        "null",
        "true",
        "\"\"",
        "\"x\"",
        "\"]\"",
        "\"}\"",
        "\"\\\"\"",
        "\"\\\\\"",
        "\"a string of some length, with ] and } \\\\ in it\"",
        "[]",
        "{}"};
    const auto kind = random() % 4;
    if (depth == 0 || kind < 2) return leaves[random() % leaves.size()];
    std::string out = kind == 2 ? "[" : "{";
    for (std::size_t n = random() % 4, i = 0; i < n; ++i) {
        if (i != 0) out += random() % 2 ? "," : " , ";
        if (kind == 3) out += "\"k" + std::to_string(random() % 9) + "\":";
        out += random_value(random, depth - 1);
    }
    return out + (kind == 2 ? "]" : "}");
}

TEST(MemberWalker, agrees_with_the_checking_reader_on_random_objects) {
    std::mt19937 random(20240607);
    for (int round = 0; round < 20000; ++round) {
        std::string text = "{";
        Members expected;
        for (std::size_t n = random() % 5, i = 0; i < n; ++i) {
            if (i != 0) text += ',';
            expected.emplace_back("m" + std::to_string(i), random_value(random, 5));
            text += '"' + expected.back().first + "\":" + expected.back().second;
        }
        text += '}';
        JsonReader reader(text);
        ASSERT_TRUE(reader.take_value() && reader.at_end()) << text;
        Members members;
        ASSERT_TRUE(walk(text, members)) << text;
        ASSERT_EQ(members, expected) << text;
    }
}

}  // namespace
}  // namespace patchbay
