#include "picture_size.hpp"

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

TEST(PictureSize, IsReadAndHasARatio) {
    const struct {
        std::string_view text;
        std::string_view ratio;
    } cases[] = {{"1024x1024", "1:1"}, {"1792x1024", "16:9"}, {"1024x1792", "9:16"},
                 {"1536x1024", "3:2"}, {"1024x1536", "2:3"},  {"1x1000", "9:21"}};
    for (const auto& [text, ratio] : cases) {
        const auto size = picture_size(text);
        ASSERT_TRUE(size) << text;
        EXPECT_EQ(aspect_ratio(*size), ratio) << text;
    }
    EXPECT_EQ(picture_size("1792x1024")->width, 1792u);
    EXPECT_EQ(picture_size("1792x1024")->height, 1024u);
}

TEST(PictureSize, WhatIsNoneIsNone) {
    for (const std::string_view text :
         {"", "auto", "1024", "x", "1024x", "0x1", "-1x1", "1x1x1", "99999x1", "1 x 1"}) {
        EXPECT_FALSE(picture_size(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay::shared
