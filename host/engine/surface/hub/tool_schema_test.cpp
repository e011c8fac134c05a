#include "engine/surface/hub/tool_schema.hpp"

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(ObjectSchema, IsOneThatOpenAiTakes) {
    const struct {
        const char* given;
        const char* expected;
    } cases[] = {
        {"{}", R"({"type":"object","properties":{}})"},
        {R"({"type":"object"})", R"({"type":"object","properties":{}})"},
        {R"({"properties":{"a":{}},"required":["a"]})",
         R"({"properties":{"a":{}},"required":["a"],"type":"object"})"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(json_tree::write(object_schema(tree_of(c.given).get_object())), c.expected);
    }
}

TEST(IsStrictSchema, EveryObjectClosesAndRequiresItsProperties) {
    const std::string closed =
        R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false})";
    const std::string open = R"({"type":"object","properties":{},"required":[]})";
    const struct {
        std::string schema;
        bool strict;
    } cases[] = {
        {closed, true},
        {R"({"type":"string"})", true},
        {R"({"type":"object","additionalProperties":false})", true},
        {open, false},
        {R"({"properties":{"a":{}},"additionalProperties":false})", false},
        {R"({"properties":{"a":{}},"required":["b"],"additionalProperties":false})", false},
        {R"({"type":"object","additionalProperties":true})", false},
        {R"({"type":"array","items":)" + closed + "}", true},
        {R"({"type":"array","items":)" + open + "}", false},
        {R"({"anyOf":[)" + closed + "," + open + "]}", false},
        {R"({"$defs":{"x":)" + open + R"(},"type":"string"})", false},
        {R"({"$defs":{"type":)" + closed + R"(},"type":"string"})", true},
        {R"({"enum":[)" + open + "]}", true},
        // A property may be called as a keyword is.
        {R"({"properties":{"properties":{"type":"string"}},"required":["properties"],"additionalProperties":false})",
         true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.schema);
        EXPECT_EQ(is_strict_schema(tree_of(c.schema)), c.strict);
    }
}

}  // namespace

}  // namespace patchbay::surface
