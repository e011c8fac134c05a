#include "engine/call/header_tags.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HeaderTags, are_made_of_the_headers_that_are_there_in_the_operator_s_words) {
    const std::array<http::Header, 3> headers{
        {{"x-team", "red"}, {"X-Cost-Center", "4711"}, {"X-Empty", ""}}};
    const Caller caller{.headers = headers};
    EXPECT_THAT(header_tags(caller, {"x-cost-center", "X-Team", "x-empty", "x-none"}),
                ElementsAre("x-cost-center: 4711", "X-Team: red"));
    EXPECT_THAT(header_tags(caller, {}), IsEmpty());
}

TEST(HeaderTags, are_text) {
    const std::array<http::Header, 1> headers{{{"x-team", "r\xE9s"}}};
    EXPECT_THAT(header_tags(Caller{.headers = headers}, {"x-team"}),
                ElementsAre("x-team: r\xEF\xBF\xBDs"));
}

}  // namespace
}  // namespace patchbay
