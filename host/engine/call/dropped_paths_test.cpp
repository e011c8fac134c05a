#include "engine/call/dropped_paths.hpp"

#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

/// The members that are changed, as "name":text; empty: none.
std::string dropped(const std::vector<std::string>& paths, const std::string& members,
                    std::vector<BodyMember> defaults = {}, std::vector<BodyMember> before = {}) {
    const std::string body = R"({"model":"m","messages":[])" + members + "}";
    const auto scan = scan_request(body, kMessagesForm);
    EXPECT_TRUE(scan) << body;
    if (!scan) return {};
    const auto unsent = [](std::string_view name) { return name == "gone"; };
    drop_paths(paths, {scan->members.data(), scan->members.size()}, defaults, unsent, before);
    std::string all;
    for (const auto& [name, text] : before) all += (all.empty() ? "" : ",") + name + ":" + text;
    return all;
}

TEST(DroppedPaths, AValueInsideOfAMemberIsLeftOut) {
    EXPECT_EQ(dropped({"metadata.a"}, R"(,"metadata":{"a":1,"b":{"a":2}})"),
              R"("metadata":{"b":{"a":2}})");
    EXPECT_EQ(dropped({"x.y.z", "x.w"}, R"(,"x":{"y":{"z":1,"q":1e400},"w":[1]})"),
              R"("x":{"y":{"q":1e400}})");
    EXPECT_EQ(dropped({"x[1].a", "x[9].a"}, R"(,"x":[{"a":1},{"a":2}])"), R"("x":[{"a":1},{}])");
    EXPECT_EQ(dropped({"x[*][0].a"}, R"(,"x":[[{"a":1}],[{"a":1,"b":2}]])"),
              R"("x":[[{}],[{"b":2}]])");
}

TEST(DroppedPaths, OfToolsWhereverTheWordStands) {
    EXPECT_EQ(
        dropped({"tools[*].input_examples"},
                R"(,"tools":[{"type":"function","function":{"name":"f","input_examples":[]}},)"
                R"({"name":"g","input_examples":[{}]},7])"),
        R"("tools":[{"type":"function","function":{"name":"f"}},{"name":"g"},7])");
    EXPECT_EQ(dropped({"tools[*].function.strict"},
                      R"(,"tools":[{"strict":true,"function":{"name":"f","strict":true}}])"),
              R"("tools":[{"strict":true,"function":{"name":"f"}}])");
}

TEST(DroppedPaths, ManyOfOneMemberAndOfSeveralTakeTurns) {
    EXPECT_EQ(dropped({"x.a", "y.a", "x.b", "x.a.c", "y.z", "x.d"},
                      R"(,"x":{"a":{"c":1},"b":2,"e":3},"y":{"a":1,"z":2,"w":3},"z":{"a":1})"),
              R"("x":{"e":3},"y":{"w":3})");
    EXPECT_EQ(
        dropped({"x.a", "x.b"}, R"(,"x":{"q":1})", {}, {{R"("x")", R"({"a":1,"b":2,"c":3})"}}),
        R"("x":{"c":3})");
}

TEST(DroppedPaths, WhatIsNotThereChangesNothing) {
    for (const char* path :
         {"metadata", "metadata.z", "metadata[0].a", "metadata.a.b", "none.a", "list[*]", "list[0]",
          "list.a", "list[x].a", "[0].a", "list[0.a", ".", "a[", "list[-1].a"}) {
        EXPECT_EQ(dropped({path}, R"(,"metadata":{"a":1},"list":[{"a":1}])"), "") << path;
    }
    EXPECT_EQ(dropped({std::string(100, '.') + "a" + std::string(100, '.') + "b"}, R"(,"a":{})"),
              "");
}

TEST(DroppedPaths, WhatIsNotSentDoesNotComeBack) {
    EXPECT_EQ(dropped({"gone.a"}, R"(,"gone":{"a":1,"b":2})"), "");
    EXPECT_EQ(dropped({"gone.a"}, R"(,"gone":{"a":1})", {}, {{R"("gone")", R"({"a":2,"b":3})"}}),
              R"("gone":{"b":3})")
        << "what is put in its place is sent";
}

TEST(DroppedPaths, OfADefaultAndOfWhatIsPutInToo) {
    EXPECT_EQ(dropped({"x.a"}, "", {{R"("x")", R"({"a":1,"b":2})"}}), R"("x":{"b":2})");
    EXPECT_EQ(dropped({"x.a"}, R"(,"x":{"a":9})", {}, {{R"("x")", R"({"a":1,"b":2})"}}),
              R"("x":{"b":2})");
}

}  // namespace
}  // namespace patchbay
