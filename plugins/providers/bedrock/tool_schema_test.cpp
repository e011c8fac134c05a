// SPDX-License-Identifier: Apache-2.0
#include "tool_schema.hpp"

#include <gtest/gtest.h>

namespace patchbay::bedrock {
namespace {

json::value made(std::string_view schema, bool open) {
    return tool_schema(parse_json(schema)->get_object(), open);
}

TEST(ToolSchema, ReferencesArePutInPlace) {
    const struct {
        std::string_view given;
        std::string_view expected;
    } cases[] = {
        {R"({"type":"object","properties":{"pets":{"type":"array","items":{"$ref":"#/$defs/Pet"}}},
             "$defs":{"Pet":{"type":"object","properties":{"kind":{"$ref":"#/$defs/Kind"}}},
                      "Kind":{"type":"string"}}})",
         R"({"type":"object","properties":{"pets":{"type":"array","items":
             {"type":"object","properties":{"kind":{"type":"string"}}}}}})"},
        {R"({"properties":{"a":{"$ref":"#/definitions/A","description":"the first"},
                           "b":{"$ref":"#/definitions/A"}},"definitions":{"A":{"type":"number"}}})",
         R"({"properties":{"a":{"type":"number","description":"the first"},"b":{"type":"number"}}})"},
        {R"({"$schema":"s","$id":"i","title":"t","properties":{"title":{"type":"string"}}})",
         R"({"properties":{"title":{"type":"string"}}})"},
    };
    for (const auto& [given, expected] : cases) {
        EXPECT_EQ(made(given, false), *parse_json(expected)) << given;
    }
}

TEST(ToolSchema, WhatCannotBePutInPlaceStays) {
    for (
        const std::string_view kept :
        {R"({"properties":{"next":{"$ref":"#/$defs/N"}},"$defs":{"N":{"items":{"$ref":"#/$defs/N"}}}})",
         R"({"properties":{"a":{"$ref":"#/$defs/Other"}},"$defs":{}})",
         R"({"properties":{"a":{"$ref":"https://example.com/schema.json"}}})"}) {
        EXPECT_EQ(made(kept, false), *parse_json(kept)) << kept;
    }
}

// Each definition holds the one before it ten times over.
TEST(ToolSchema, WhatWouldGrowBeyondBoundsStays) {
    json::object definitions{{"D0", {{"type", "string"}}}};
    for (int i = 1; i < 10; ++i) {
        const std::string before = "#/$defs/D" + std::to_string(i - 1);
        json::array ten;
        for (int j = 0; j < 10; ++j) ten.push_back(json::object{{"$ref", before}});
        definitions["D" + std::to_string(i)] = json::object{{"anyOf", std::move(ten)}};
    }
    const json::object schema{{"items", {{"$ref", "#/$defs/D9"}}}, {"$defs", definitions}};
    EXPECT_EQ(json::value(tool_schema(schema, false)), json::value(schema));
}

TEST(ToolSchema, OnlyTheTopIsOpened) {
    const std::string_view given =
        R"({"additionalProperties":false,"properties":{"a":{"additionalProperties":false}}})";
    EXPECT_EQ(made(given, false), *parse_json(given));
    EXPECT_EQ(made(given, true),
              *parse_json(R"({"properties":{"a":{"additionalProperties":false}}})"));
}

}  // namespace
}  // namespace patchbay::bedrock
