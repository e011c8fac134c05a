#include <gtest/gtest.h>

#include "joined.hpp"
#include "tokens.hpp"

namespace patchbay::presidio {
namespace {

TEST(Joined, gives_each_text_its_own) {
    Joined joined;
    joined.add("Jane");
    joined.add("");
    joined.add("in Oslo");
    EXPECT_EQ(joined.text(), "Jane\n\n\n\nin Oslo");
    const auto apart =
        joined.apart({{0, 4, "PERSON", 1}, {2, 10, "ODD", 1}, {11, 15, "LOCATION", 1}});
    ASSERT_EQ(apart.size(), 3u);
    ASSERT_EQ(apart[0].size(), 2u);
    EXPECT_EQ(apart[0][1].begin, 2u);
    EXPECT_EQ(apart[0][1].end, 4u);
    EXPECT_TRUE(apart[1].empty());
    ASSERT_EQ(apart[2].size(), 2u);
    EXPECT_EQ(apart[2][1].begin, 3u);
}

TEST(Tokens, are_numbered_and_lead_back_for_every_split) {
    Tokens tokens;
    EXPECT_EQ(tokens.token_for("PERSON", "Jane"), "<PERSON_1>");
    EXPECT_EQ(tokens.token_for("PERSON", "Joe"), "<PERSON_2>");
    EXPECT_EQ(tokens.token_for("PERSON", "Jane"), "<PERSON_1>");
    const std::string answer = "a < b, <PERSON_1> and <PERSON_2>, <PERSON_3> <PER";
    const std::string whole = "a < b, Jane and Joe, <PERSON_3> <PER";
    std::size_t held = 0;
    EXPECT_EQ(tokens.restored(answer, false, held), whole);
    for (std::size_t i = 0; i <= answer.size(); ++i) {
        const std::string head = answer.substr(0, i);
        std::string out = tokens.restored(head, true, held);
        out += tokens.restored(head.substr(head.size() - held) + answer.substr(i), false, held);
        EXPECT_EQ(out, whole) << i;
    }
}

}  // namespace
}  // namespace patchbay::presidio
