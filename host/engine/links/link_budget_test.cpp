#include "engine/links/link_budget.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

using Taken = LinkBudget::Taken;

TEST(LinkBudget, a_request_has_its_own_and_a_loop_one_for_all) {
    std::uint64_t held = 0;
    {
        LinkBudget one(100, held);
        EXPECT_EQ(one.take(60), Taken::yes);
        EXPECT_EQ(one.take(41), Taken::too_large);
        EXPECT_EQ(one.take(40), Taken::yes);
        EXPECT_EQ(held, 100u);
        LinkBudget other(LinkBudget::kMostHeld, held);
        EXPECT_EQ(other.take(LinkBudget::kMostHeld - 99), Taken::too_many);
        EXPECT_EQ(other.take(LinkBudget::kMostHeld - 100), Taken::yes);
        EXPECT_EQ(other.take(1), Taken::too_many);
    }
    EXPECT_EQ(held, 0u) << "what was taken is given back";
}

}  // namespace
}  // namespace patchbay
