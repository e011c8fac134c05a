#include "contract/http/query.hpp"

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

TEST(Query, values_are_found_by_name_and_decoded) {
    const struct {
        const char* query;
        std::optional<std::string> value;
    } cases[] = {
        {"", std::nullopt},
        {"alt", ""},
        {"alt=", ""},
        {"alt=sse", "sse"},
        {"key=k&alt=sse", "sse"},
        {"%61lt=s%73e", "sse"},
        {"alt=a+b", "a b"},
        {"alt=json&alt=sse", "json"},
        {"&&alt=sse&", "sse"},
        {"salt=sse&alternative=sse", std::nullopt},
        {"ALT=sse", std::nullopt},
        {"alt=a=b", "a=b"},
        {"alt=%zz", "%zz"},
    };
    for (const auto& c : cases) EXPECT_EQ(query_value(c.query, "alt"), c.value) << c.query;
}

TEST(Query, a_name_that_is_repeated_says_several_things) {
    using Values = std::vector<std::string>;
    EXPECT_EQ(query_values("a=1&b=2&a=%33&a", "a"), (Values{"1", "3", ""}));
    EXPECT_EQ(query_values("include%5B%5D=x&include[]=y", "include[]"), (Values{"x", "y"}));
    EXPECT_EQ(query_values("b=2", "a"), Values{});
}

}  // namespace
}  // namespace patchbay::http
