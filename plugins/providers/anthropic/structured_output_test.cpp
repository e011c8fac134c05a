// SPDX-License-Identifier: Apache-2.0
#include "structured_output.hpp"

#include <gtest/gtest.h>

namespace patchbay::anthropic {
namespace {

std::optional<json::object> made(std::string_view schema) {
    return structured_schema(parse_json(schema)->as_object());
}

TEST(StructuredSchema, IsClosedAndHasItsReferencesInPlace) {
    const struct {
        const char* name;
        const char* given;
        const char* made;
    } cases[] = {
        {"references",
         R"({"type":"object","properties":{"p":{"type":"array","items":{"$ref":"#/$defs/P","description":"d"}}},"required":["p"],"$defs":{"P":{"type":"object","properties":{"k":{"type":["string","null"]}}}}})",
         R"({"type":"object","properties":{"p":{"type":"array","items":{"type":"object","properties":{"k":{"type":["string","null"]}},"additionalProperties":false,"description":"d"}}},"required":["p"],"additionalProperties":false})"},
        {"the place of a schema is nobody's business",
         R"({"$schema":"x","$id":"y","properties":{"a":{"enum":[1,"b"]}},"additionalProperties":false})",
         R"({"properties":{"a":{"enum":[1,"b"]}},"additionalProperties":false})"},
        {"one of several",
         R"({"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string","format":"date"}]}}})",
         R"({"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string","format":"date"}]}},"additionalProperties":false})"},
        {"a definition that is used twice is not recursive",
         R"({"type":"object","properties":{"a":{"$ref":"#/definitions/T"},"b":{"$ref":"#/definitions/T"}},"definitions":{"T":{"type":"string"}}})",
         R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"additionalProperties":false})"},
    };
    for (const auto& one : cases) {
        const auto schema = made(one.given);
        ASSERT_TRUE(schema) << one.name;
        EXPECT_EQ(json::value(*schema), *parse_json(one.made)) << one.name;
    }
}

TEST(StructuredSchema, WhatAnthropicCannotSayIsNone) {
    for (
        const char* schema : {
            R"({"type":"array","items":{"type":"string"}})",
            R"({"type":"object"})",
            R"({"type":"object","properties":{"a":{"type":"object","additionalProperties":{"type":"string"}}}})",
            R"({"type":"object","properties":{},"additionalProperties":true})",
            R"({"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}}}}})",
            R"({"type":"object","properties":{"a":{"$ref":"#"}}})",
            R"({"type":"object","properties":{"a":{"$ref":"#/$defs/B"}}})",
            R"({"type":"object","properties":{"a":{"type":"integer","minimum":1}}})",
            R"({"type":"object","properties":{"a":{"type":"string","pattern":"^a"}}})",
            R"({"type":"object","properties":{"a":{"type":"string","format":"regex"}}})",
            R"({"type":"object","properties":{"a":true}})",
            R"({"type":"object","properties":[]})",
        }) {
        EXPECT_FALSE(made(schema)) << schema;
    }
}

TEST(StructuredSchema, OneThatGrowsWithoutBoundIsNone) {
    std::string schema = R"({"type":"object","properties":{"a":{"$ref":"#/$defs/d0"}},"$defs":{)";
    for (int i = 0; i < 14; ++i) {
        const std::string next = R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + "\"}";
        schema += "\"d" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]},";
    }
    EXPECT_FALSE(made(schema + R"("d14":{"type":"string"}}})"));
}

}  // namespace
}  // namespace patchbay::anthropic
