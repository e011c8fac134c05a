#include "contract/failed.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Failed, takes_a_pointer_while_nothing_failed) {
    static_assert(sizeof(Failed) == sizeof(void*));
    EXPECT_FALSE(Failed());
    EXPECT_FALSE(Failed(std::nullopt));
    EXPECT_FALSE(Failed(std::optional<Error>()));
    EXPECT_EQ(Failed().get(), nullptr);
    EXPECT_EQ(Failed().take(), std::nullopt);
}

TEST(Failed, is_a_value) {
    Failed first = bad_request("no such voice", "voice");
    Failed second = first;
    second->message = "another";
    EXPECT_EQ(first->message, "no such voice");
    first = second;
    EXPECT_EQ(first->message, "another");
    first = {};
    EXPECT_FALSE(first);
    EXPECT_EQ((*second).param, "voice");
}

TEST(Failed, is_empty_once_it_was_taken) {
    Failed failed = std::optional(bad_request("no such voice"));
    const std::optional<Error> taken = failed.take();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->message, "no such voice");
    EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace patchbay
