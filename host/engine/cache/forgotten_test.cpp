#include "engine/cache/forgotten.hpp"

#include <memory>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

CacheKey key(std::uint8_t part) {
    CacheKey made;
    made.digest[16] = part;
    return made;
}

TEST(Forgotten, what_was_asked_for_before_or_meanwhile_holds_no_more) {
    Forgotten forgotten;
    const CacheAsk before = forgotten.ask(key(1));
    EXPECT_TRUE(before.holds());
    {
        const auto span = forgotten.forget_all();
        EXPECT_FALSE(before.holds());
        const CacheAsk meanwhile = forgotten.ask(key(1));
        EXPECT_FALSE(meanwhile.holds());
        EXPECT_FALSE(meanwhile == before);
    }
    EXPECT_FALSE(before.holds());
    const CacheAsk after = forgotten.ask(key(1));
    EXPECT_TRUE(after.holds());
    EXPECT_FALSE(after == before);
    EXPECT_TRUE(after == forgotten.ask(key(1)));
}

TEST(Forgotten, who_asks_while_two_forget_waits_for_both_to_end) {
    Forgotten forgotten;
    auto one = std::unique_ptr<Forgotten::Span>(new Forgotten::Span(forgotten.forget(key(1))));
    const CacheAsk with_one = forgotten.ask(key(1));
    {
        const auto two = forgotten.forget_all();
        EXPECT_FALSE(forgotten.ask(key(1)).holds());
    }
    EXPECT_FALSE(forgotten.ask(key(1)).holds());
    EXPECT_FALSE(with_one.holds());
    one.reset();
    EXPECT_TRUE(forgotten.ask(key(1)).holds());
    EXPECT_FALSE(with_one.holds());
}

TEST(Forgotten, other_keys_are_left_alone) {
    Forgotten forgotten;
    const CacheAsk other = forgotten.ask(key(2));
    { const auto span = forgotten.forget(key(1)); }
    EXPECT_TRUE(other.holds());
}

}  // namespace
}  // namespace patchbay
