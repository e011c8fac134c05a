#include "engine/surface/json_check.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(JsonCheck, accepts_one_whole_value_and_nothing_else) {
    for (const char* text : {R"({"a":[1,{"b":null}]})", " [1.5e3] ", R"("h\u00e9")", "true"}) {
        EXPECT_TRUE(is_json(text)) << text;
    }
    for (const char* text : {"", "{", R"({"choices":[{"index": 0,0"m":1}]})", "[1] 2", "tru",
                             R"({"a":1,})", "\"\xff\"", "{\"a\":\"\xc3\"}"}) {
        EXPECT_FALSE(is_json(text)) << text;
    }
}

TEST(JsonCheck, foreign_text_becomes_utf8) {
    EXPECT_EQ(as_utf8("h\xc3\xa9llo", 100), "h\xc3\xa9llo");
    EXPECT_EQ(as_utf8("a\xff"
                      "b\xc3",
                      100),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
    EXPECT_EQ(as_utf8("\xed\xa0\x80", 100), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(as_utf8("abcdef", 3), "abc...");
    EXPECT_EQ(as_utf8("ab\xc3\xa9", 3), "ab...");
}

}  // namespace
}  // namespace patchbay
