#include "engine/plugins/provider_rows.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ProviderRowsTest : public testing::Test {
  protected:
    std::string error_of(const std::string& text) {
        const auto rows = read_provider_rows(directory.write("rows.json", text));
        return rows ? std::string() : rows.error();
    }
    test::TemporaryDirectory directory;
};

TEST_F(ProviderRowsTest, reads_strings_and_lists) {
    const auto rows = read_provider_rows(directory.write("rows.json", R"({
        "groq": {"base_url": "https://g.example.org", "api_key_env": "A", "api_base_env": ["B", "C"]},
        "bare": {}})"));
    ASSERT_TRUE(rows) << rows.error();
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(rows->at("groq").base_url, "https://g.example.org");
    EXPECT_THAT(rows->at("groq").api_key_env, ElementsAre("A"));
    EXPECT_THAT(rows->at("groq").api_base_env, ElementsAre("B", "C"));
    EXPECT_EQ(rows->at("groq").row.size(), 3u);
    EXPECT_EQ(rows->at("bare").base_url, "");
}

TEST_F(ProviderRowsTest, operations_of_a_row_take_the_place_of_the_components) {
    ManifestComponent component;
    component.operations = {"chat.completions"};
    auto rows = parse_provider_rows(
        R"({"a": {"operations": ["embeddings", {"id": "rerank", "path": "/x"}]}, "b": {}, "c": {"operations": []}})");
    ASSERT_TRUE(rows) << rows.error();
    for (auto& [prefix, row] : *rows) row.component = &component;
    EXPECT_THAT(rows->at("a").spoken(), ElementsAre("embeddings", "rerank"));
    EXPECT_THAT(rows->at("b").spoken(), ElementsAre("chat.completions"));
    EXPECT_THAT(rows->at("c").spoken(), ElementsAre());
    EXPECT_EQ(error_of(R"({"g": {"operations": [{"path": "/x"}]}})"),
              "/g/operations/0/id is missing");
}

TEST_F(ProviderRowsTest, points_at_what_is_wrong_in_settings_and_hosts) {
    EXPECT_EQ(
        error_of(
            R"({"a": {"settings_env": {"x": "X", "y": ["Y"]}, "egress": ["https://h.test"]}})"),
        "");
    EXPECT_EQ(error_of(R"({"g": {"settings_env": []}})"), "/g/settings_env: must be an object");
    EXPECT_EQ(error_of(R"({"g": {"settings_env": {"x": 1}}})"),
              "/g/settings_env/x: must be a string or a list of strings");
    EXPECT_EQ(error_of(R"({"g": {"egress": "https://h.test"}})"),
              "/g/egress: must be a list of strings");
    EXPECT_THAT(error_of(R"({"g": {"egress": ["*"]}})"), HasSubstr("/g/egress/0: "));
    EXPECT_EQ(error_of(R"({"a": {"told_cost": "cost"}, "b": {"told_cost": "cost.total_cost"}})"),
              "");
    EXPECT_EQ(error_of(R"({"g": {"told_cost": true}})"), "/g/told_cost: must be a string");
    for (const std::string names : {"", ".", "a.", ".a", "a..b"}) {
        EXPECT_EQ(error_of(R"({"g": {"told_cost": ")" + names + R"("}})"),
                  "/g/told_cost: must be names of members with dots between them");
    }
}

TEST_F(ProviderRowsTest, points_at_what_is_wrong) {
    EXPECT_EQ(error_of(R"({"g": 1})"), "/g: must be an object");
    EXPECT_EQ(error_of(R"({"g": {"base_url": ["x"]}})"), "/g/base_url: must be a string");
    EXPECT_THAT(error_of(R"({"g": {"base_url": "example.org"}})"),
                HasSubstr("/g/base_url: must begin with"));
    EXPECT_EQ(error_of(R"({"g": {"api_key_env": 1}})"),
              "/g/api_key_env: must be a string or a list of strings");
    EXPECT_EQ(error_of(R"({"g": {"api_key_env": ["A", null]}})"),
              "/g/api_key_env/1: must be a string");
    EXPECT_THAT(error_of(R"({"g": {"api_base_env": "A=B"}})"),
                HasSubstr("/g/api_base_env: is not the name"));
    EXPECT_THAT(error_of(R"({"a/b": {}})"), HasSubstr("/a~1b: a prefix is"));
    EXPECT_EQ(error_of("[]"), "must be an object with one member per prefix");
}

TEST_F(ProviderRowsTest, says_where_it_is_not_json) {
    EXPECT_THAT(error_of("{\n  \"g\": {},\n  oops}"), HasSubstr("line 3, column 3: not JSON"));
    EXPECT_THAT(error_of("{}\n x"), HasSubstr("line 2, column 2: not JSON"));
    EXPECT_THAT(error_of(""), HasSubstr("line 1, column 1: not JSON"));
}

TEST_F(ProviderRowsTest, says_that_a_file_is_missing_or_too_large) {
    EXPECT_EQ(read_provider_rows(directory.path() / "none.json").error(), "cannot be opened");
    EXPECT_EQ(error_of(std::string((8u << 20) + 20000, ' ')), "is larger than 8 MiB");
}

TEST_F(ProviderRowsTest, a_prefix_belongs_to_one_component) {
    Manifest manifest;
    ManifestComponent one;
    one.kind = "bay.provider/1";
    one.id = "one";
    one.provider.prefixes = {"p"};
    auto two = one;
    two.id = "two";
    manifest.components = {one, two};
    auto rows = rows_of_plugin(manifest, directory.path() / "x.so");
    ASSERT_FALSE(rows);
    EXPECT_THAT(rows.error(), HasSubstr("prefix \"p\" is claimed by two"));
    manifest.components = {one};
    manifest.components[0].provider.rows = "rows.json";
    directory.write("rows.json", R"({"p": {}})");
    rows = rows_of_plugin(manifest, directory.path() / "x.so");
    ASSERT_FALSE(rows);
    EXPECT_THAT(rows.error(), HasSubstr("prefix \"p\" stands twice"));
}

}  // namespace
}  // namespace patchbay
