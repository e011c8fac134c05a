#include "engine/surface/hub/effort.hpp"

#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

TEST(Effort, IsTheLowestWhoseBudgetIsEnough) {
    const struct {
        std::uint64_t tokens;
        const char* effort;
    } cases[] = {{0, "low"},       {1024, "low"},  {1025, "medium"},
                 {2048, "medium"}, {2049, "high"}, {UINT64_MAX, "high"}};
    for (const auto& c : cases) EXPECT_EQ(effort_of_budget(c.tokens), c.effort) << c.tokens;
}

}  // namespace

}  // namespace patchbay::surface
