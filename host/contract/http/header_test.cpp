#include "contract/http/header.hpp"

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

TEST(Iequals, takes_no_notice_of_the_case_of_ascii_letters_alone) {
    struct Case {
        std::string_view a;
        std::string_view b;
        bool same;
    };
    const Case cases[] = {
        {"", "", true},
        {"Chunked", "cHUNKED", true},
        {"chunked", "chunkedx", false},
        {"a", "", false},
        {"x-id", "x_id", false},
        {"[", "{", false},
        {"\xc4", "\xe4", false},
        {"@", "`", false},
        {"Z", "z", true},
    };
    for (const Case& c : cases) EXPECT_EQ(iequals(c.a, c.b), c.same) << c.a << ' ' << c.b;
}

}  // namespace
}  // namespace patchbay::http
