#include "contract/json/utf8_text.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Utf8Text, foreign_bytes_become_replacement_characters) {
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
