#include "contract/crypto/base64.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

// RFC 4648, section 10.
TEST(Base64, is_padded_and_appended) {
    const struct {
        std::string_view bytes;
        std::string_view text;
    } cases[] = {
        {"", ""},        {"f", "Zg=="},          {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {std::string_view("\0\xFF\xFE", 3), "AP/+"}};
    for (const auto& one : cases) {
        std::string text = "before:";
        append_base64(text, one.bytes);
        EXPECT_EQ(text, "before:" + std::string(one.text));
    }
}

TEST(Base64, pieces_of_whole_triples_are_one_text) {
    std::string text;
    for (const std::string_view piece : {"foo", "bar", "fo"}) append_base64(text, piece);
    EXPECT_EQ(text, "Zm9vYmFyZm8=");
}

}  // namespace
}  // namespace patchbay
