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

}  // namespace
}  // namespace patchbay
