#include "contract/manifest/schema.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

boost::json::object object(const char* text) {
    return boost::json::parse(text).as_object();
}

std::vector<std::string> pointers(const char* schema, const char* value) {
    std::vector<std::string> result;
    for (const auto& problem : check_against_schema(object(schema), object(value))) {
        result.push_back(problem.pointer);
    }
    return result;
}

constexpr const char* kSchema = R"({"type": "object", "required": ["a"], "properties": {
    "a": {"type": "string", "default": "x"},
    "b/c": {"type": "array", "items": {"type": "integer"}, "default": [1]},
    "d": {"type": "object", "properties": {"e": {"type": "boolean", "default": true}}}}})";

TEST(Schema, allows_what_it_describes) {
    EXPECT_THAT(pointers(kSchema, R"({"a": "x", "b/c": [1, 2]})"), testing::IsEmpty());
    EXPECT_THAT(pointers("{}", R"({"any": [{"thing": null}]})"), testing::IsEmpty());
}

TEST(Schema, points_at_what_it_forbids) {
    EXPECT_THAT(pointers(kSchema, R"({"a": 1})"), testing::ElementsAre("/a"));
    EXPECT_THAT(pointers(kSchema, R"({"a": "x", "b/c": [1, "y"]})"), testing::Contains("/b~1c/1"));
    EXPECT_THAT(pointers(kSchema, R"({"a": "x", "d": {"e": 1}})"), testing::ElementsAre("/d/e"));
    EXPECT_THAT(pointers(kSchema, "{}"), testing::Contains(""));
}

TEST(Schema, fills_in_top_level_defaults_only) {
    auto value = object(R"({"d": {}, "a": "mine"})");
    fill_defaults(object(kSchema), value);
    EXPECT_EQ(value, object(R"({"d": {}, "a": "mine", "b/c": [1]})"));
}

TEST(Schema, knows_what_it_speaks_of) {
    EXPECT_TRUE(names_property(object(kSchema), "d"));
    EXPECT_FALSE(names_property(object(kSchema), "e"));
    EXPECT_TRUE(names_property(object(R"({"required": ["f"]})"), "f"));
    EXPECT_FALSE(names_property({}, "a"));
}

TEST(Schema, tells_a_wrong_schema) {
    EXPECT_EQ(check_schema(object(kSchema)), "");
    EXPECT_EQ(check_schema({}), "");
    EXPECT_NE(check_schema(object(R"({"type": 7})")), "");
    EXPECT_NE(
        check_schema(object(R"({"properties": {"a": {"$ref": "http://example.org/s.json"}}})")),
        "");
}

TEST(Schema, references_lead_to_schemas_and_never_back) {
    constexpr const char* kShared =
        R"({"definitions": {"name": {"type": "string", "pattern": "^x"}},
        "properties": {"a": {"$ref": "#/definitions/name"}, "b": {"$ref": "#/definitions/name"}}})";
    EXPECT_EQ(check_schema(object(kShared)), "");
    EXPECT_THAT(pointers(kShared, R"({"a": "x", "b": "y"})"), testing::ElementsAre("/b"));
    for (
        const char* schema :
        {R"({"$ref": "#"})", R"({"allOf": [{"$ref": "#"}]})",
         R"({"properties": {"a": {"$ref": "#"}}})",
         R"({"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}})",
         R"({"items": [{"not": {"$ref": "#/items/0"}}]})"}) {
        EXPECT_THAT(check_schema(object(schema)), testing::HasSubstr("leads back")) << schema;
        EXPECT_THAT(pointers(schema, "{}"), testing::ElementsAre("")) << schema;
    }
    for (const char* schema :
         {R"({"$ref": "#/definitions/a"})", R"({"$ref": "#/x", "x": {"$ref": "#/x"}})",
          R"({"$ref": "#/"})", R"({"$ref": "#/%64efinitions/a", "definitions": {"a": {}}})"}) {
        EXPECT_THAT(check_schema(object(schema)), testing::HasSubstr("leads to no schema"))
            << schema;
    }
    EXPECT_EQ(check_schema(object(
                  R"({"properties": {"$ref": {"type": "string"}, "a": {"$ref": "#/definitions/t"}},
                                      "definitions": {"t": true}, "default": {"$ref": "#"}})")),
              "");
}

TEST(Schema, references_that_double_again_and_again_are_too_many) {
    boost::json::object definitions{{"d0", boost::json::object{{"type", "object"}}}};
    for (int i = 1; i <= 60; ++i) {
        const boost::json::object before{{"$ref", "#/definitions/d" + std::to_string(i - 1)}};
        definitions["d" + std::to_string(i)] = {{"allOf", boost::json::array{before, before}}};
    }
    const boost::json::object schema{{"definitions", definitions}, {"$ref", "#/definitions/d60"}};
    EXPECT_THAT(check_schema(schema), testing::HasSubstr("too large"));
}

TEST(Schema, a_pattern_is_judged_whatever_the_length) {
    const std::string text(100'000, 'x');
    const auto found = [&](const char* pattern, const std::string& value) {
        const boost::json::object schema{
            {"properties", boost::json::object{{"a", boost::json::object{{"pattern", pattern}}}}}};
        EXPECT_EQ(check_schema(schema), "") << pattern;
        return check_against_schema(schema, {{"a", value}});
    };
    EXPECT_THAT(found(R"(^[\s\S]*$)", text), testing::IsEmpty());
    EXPECT_THAT(found("^x+$", text), testing::IsEmpty());
    EXPECT_THAT(found("y$", text), testing::SizeIs(1));
    const auto intricate = found("^(a+)+$", std::string(40, 'a') + "b");
    ASSERT_THAT(intricate, testing::SizeIs(1));
    EXPECT_EQ(intricate[0].pointer, "/a");
    EXPECT_THAT(found("^a.c$", "a\nc"), testing::SizeIs(1)) << "a dot is no line break";
    EXPECT_THAT(found("^a$", "a\n"), testing::SizeIs(1)) << "the end is the end";
    EXPECT_THAT(found("b", "abc"), testing::IsEmpty()) << "it may match anywhere";
    EXPECT_THAT(pointers(R"({"properties": {"a": {"pattern": "x"}}})", R"({"a": 1})"),
                testing::IsEmpty());
}

TEST(Schema, a_property_may_be_named_as_a_rule_is) {
    constexpr const char* kNames =
        R"({"properties": {"pattern": {"type": "string", "pattern": "^x"}},
        "default": {"pattern": "("}})";
    EXPECT_EQ(check_schema(object(kNames)), "");
    EXPECT_THAT(pointers(kNames, R"({"pattern": "x"})"), testing::IsEmpty());
    EXPECT_THAT(pointers(kNames, R"({"pattern": "y"})"), testing::ElementsAre("/pattern"));
    EXPECT_THAT(check_schema(object(R"({"properties": {"a": {"pattern": "("}}})")),
                testing::HasSubstr("no regular expression"));
}

}  // namespace
}  // namespace patchbay
