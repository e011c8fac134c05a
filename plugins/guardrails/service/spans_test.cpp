#include "spans.hpp"

#include <gtest/gtest.h>

#include "settings.hpp"

namespace patchbay::service {
namespace {

TEST(Spans, characters_are_not_bytes) {
    const std::string text =
        "caf\xC3\xA9 \xE2\x82\xAC"
        "5";
    EXPECT_EQ(byte_offset(text, 0), 0u);
    EXPECT_EQ(byte_offset(text, 3), 3u);
    EXPECT_EQ(byte_offset(text, 4), 5u);
    EXPECT_EQ(byte_offset(text, 6), 9u);
    EXPECT_EQ(byte_offset(text, 99), text.size());
}

TEST(Spans, the_surer_then_the_longer_stays) {
    const auto kept = without_overlaps({{5, 9, "LOW", 0.3},
                                        {0, 6, "HIGH", 0.9},
                                        {10, 12, "SHORT", 0.5},
                                        {10, 14, "LONG", 0.5},
                                        {15, 15, "EMPTY", 1},
                                        {18, 99, "BEYOND", 1}},
                                       20);
    ASSERT_EQ(kept.size(), 2u);
    EXPECT_EQ(kept[0].kind, "HIGH");
    EXPECT_EQ(kept[1].kind, "LONG");
}

TEST(Settings, an_address_may_have_the_path_already) {
    EXPECT_EQ(url_of("http://x/", "/moderations"), "http://x/moderations");
    EXPECT_EQ(url_of("http://x/moderations", "/moderations"), "http://x/moderations");
}

}  // namespace
}  // namespace patchbay::service
