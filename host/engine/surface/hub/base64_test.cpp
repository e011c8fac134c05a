#include "engine/surface/hub/base64.hpp"

#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

using namespace std::string_literals;

TEST(Base64, EncodesAndDecodes) {
    const struct {
        std::string bytes;
        const char* text;
    } cases[] = {{"", ""},         {"f", "Zg=="},        {"fo", "Zm8="},
                 {"foo", "Zm9v"},  {"foob", "Zm9vYg=="}, {"\xfb\xff\xfe", "+//+"},
                 {"\0\0"s, "AAA="}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        EXPECT_EQ(base64_of(c.bytes), c.text);
        EXPECT_EQ(bytes_of_base64(c.text), c.bytes);
    }
}

TEST(Base64, TakesTheAlphabetOfUrlsAndTextsWithoutPadding) {
    EXPECT_EQ(bytes_of_base64("-__-"), "\xfb\xff\xfe");
    EXPECT_EQ(bytes_of_base64("Zg"), "f");
    EXPECT_EQ(bytes_of_base64("Zm8"), "fo");
    EXPECT_EQ(bytes_of_base64("Zm9vYg"), "foob");
}

TEST(Base64, RefusesWhatIsNone) {
    for (const char* text :
         {"Z", "Zm9vY", "Zg=", "Zg===", "====", "Z=g=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9*",
          "\xc3\xa9"
          "ab"}) {
        EXPECT_EQ(bytes_of_base64(text), std::nullopt) << text;
    }
}

}  // namespace

}  // namespace patchbay::surface
