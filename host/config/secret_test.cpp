#include "config/secret.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};
static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, equals_only_the_same_bytes) {
    const Secret secret("sk-1234");
    EXPECT_TRUE(secret.equals("sk-1234"));
    EXPECT_FALSE(secret.equals("sk-1235"));
    EXPECT_FALSE(secret.equals("sk-123"));
    EXPECT_FALSE(secret.equals("sk-12345"));
    EXPECT_FALSE(secret.equals(""));
    EXPECT_TRUE(Secret().equals(""));
}

TEST(Secret, reveals_what_it_was_given) {
    EXPECT_EQ(Secret("a\0b").reveal(), std::string_view("a\0b", 1));
    EXPECT_TRUE(Secret().empty());
}

}  // namespace
}  // namespace patchbay
