#include "engine/surface/hub/chat_parts.hpp"

#include <patchbay/json_tree.hpp>

#include <gtest/gtest.h>

namespace patchbay::surface {
namespace {

std::string id_of(const char* answer) {
    return answer_id(json_tree::read(answer).value.get_object());
}

TEST(AnswerId, IsTheServersOrOneOfItsOwn) {
    EXPECT_EQ(id_of(R"({"id":"c1"})"), "c1");
    for (const char* answer : {R"({})", R"({"id":""})", R"({"id":null})", R"({"id":7})"}) {
        EXPECT_FALSE(id_of(answer).empty()) << answer;
        EXPECT_NE(id_of(answer), id_of(answer)) << answer;
    }
}

}  // namespace
}  // namespace patchbay::surface
