#include "contract/texts/texts.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "patchbay/json_tree.hpp"

namespace patchbay::guard {
namespace {

using testing::ElementsAre;

std::vector<std::string> lines(std::string_view choice) {
    auto tree = json_tree::read(choice);
    std::vector<std::string> all;
    for (const Text& text : delta_texts(tree.value)) {
        all.push_back(text.path + " " + text.role + " " + text.copy);
    }
    return all;
}

TEST(Texts, of_a_delta_are_found_by_index) {
    EXPECT_THAT(lines(R"({"index": 2, "delta": {"content": "a",
        "tool_calls": [{"index": 5, "function": {"arguments": "b"}}]}})"),
                ElementsAre("/choices/2/delta/content assistant a",
                            "/choices/2/delta/tool_calls/5/function/arguments assistant b"));
}

TEST(Texts, of_a_delta_are_all_strings_that_are_not_structure) {
    EXPECT_THAT(
        lines(R"({"delta": {"role": "assistant", "content": "data: a", "code": "b",
        "n": 12345678901234567890123, "data": {"more": "c"},
        "tool_calls": [{"id": "t", "function": {"name": "f"}}]}, "text": "d"})"),
        ElementsAre("/choices/0/delta/content assistant data: a",
                    "/choices/0/delta/code assistant b", "/choices/0/delta/data/more assistant c",
                    "/choices/0/text assistant d"));
}

}  // namespace
}  // namespace patchbay::guard
