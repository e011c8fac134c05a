#include "engine/surface/gemini/schema.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(GeminiSchema, IsJsonSchema) {
    const struct {
        const char* what;
        const char* schema;
        const char* expected;
    } cases[] = {
        {"types",
         R"({"type":"OBJECT","properties":{"city":{"type":"STRING"},"n":{"type":"INTEGER"}},
            "required":["city"]})",
         R"({"type":"object","properties":{"city":{"type":"string"},"n":{"type":"integer"}},
            "required":["city"]})"},
        {"nested", R"({"type":"ARRAY","items":{"anyOf":[{"type":"NUMBER"},{"type":"BOOLEAN"}]}})",
         R"({"type":"array","items":{"anyOf":[{"type":"number"},{"type":"boolean"}]}})"},
        {"nullable", R"({"type":"STRING","nullable":true,"enum":["a"]})",
         R"({"type":["string","null"],"enum":["a",null]})"},
        {"nullable union", R"({"anyOf":[{"type":"STRING"}],"nullable":true})",
         R"({"anyOf":[{"type":"string"},{"type":"null"}]})"},
        {"not nullable", R"({"type":"STRING","nullable":false})", R"({"type":"string"})"},
        {"counts as text", R"({"type":"ARRAY","minItems":"1","max_items":"12","maxLength":3})",
         R"({"type":"array","minItems":1,"maxItems":12,"maxLength":3})"},
        {"what is no count stays", R"({"minItems":"-1"})", R"({"minItems":"-1"})"},
        {"order and examples", R"({"type":"OBJECT","propertyOrdering":["b"],"example":{"b":1}})",
         R"({"type":"object","examples":[{"b":1}]})"},
        {"no type", R"({"type":"TYPE_UNSPECIFIED","format":"enum","minimum":0.50,"pattern":"^A"})",
         R"({"format":"enum","minimum":0.50,"pattern":"^A"})"},
        {"a property named as a keyword", R"({"properties":{"type":{"type":"STRING"},
            "max_items":{"type":"INTEGER"}}})",
         R"({"properties":{"type":{"type":"string"},"max_items":{"type":"integer"}}})"},
        {"JSON Schema already",
         R"({"type":["string","null"],"$ref":"#/$defs/a","oneOf":[{"type":"X"}]})",
         R"({"type":["string","null"],"$ref":"#/$defs/a","oneOf":[{"type":"X"}]})"},
        {"references", R"({"ref":"#/$defs/a","defs":{"a":{"type":"STRING"}}})",
         R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto schema = tree_of(c.schema);
        EXPECT_EQ(json_tree::write(json_schema(schema.get_object())), tidy(c.expected));
    }
}

}  // namespace

}  // namespace patchbay::surface
