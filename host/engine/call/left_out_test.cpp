#include "engine/call/left_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(LeftOut, names_are_taken_and_what_fits_no_header_is_passed_over) {
    std::vector<std::string> names;
    add_left_out(R"(["top_k",1,"a b","x\r\ny","tools.strict","a,b",""])", names);
    EXPECT_THAT(names, ElementsAre("top_k", "tools.strict"));
    for (const std::string_view json : {"{}", "\"user\"", "[", ""}) add_left_out(json, names);
    EXPECT_THAT(names, SizeIs(2));
}

TEST(LeftOut, a_long_list_is_cut) {
    std::string json = "[\"p\"";
    for (int i = 0; i < 100; ++i) json += ",\"p\"";
    std::vector<std::string> names;
    add_left_out(json + "]", names);
    EXPECT_THAT(names, SizeIs(64));
}

}  // namespace
}  // namespace patchbay
