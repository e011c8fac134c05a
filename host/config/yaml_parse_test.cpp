#include "config/yaml_parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(YamlParse, syntax_errors_carry_their_place) {
    EXPECT_THAT(
        problems_of("model_list: [\n  a\n"),
        ElementsAre("c.yaml:3:1: error: YAML syntax: a list that begins with '[' has no ']' "
                    "before this line"));
    EXPECT_THAT(problems_of("general_settings:\n  master_key: *star\n"),
                ElementsAre("c.yaml:2:15: error: YAML syntax: no anchor of this name is defined "
                            "(text that begins with '*' must stand in quotes)\n"
                            "      master_key: ...\n"
                            "                  ^"));
    EXPECT_THAT(problems_of("- a\n"),
                ElementsAre("c.yaml:1:1: error: expected a mapping of sections (`model_list:`, "
                            "...) here"));
    EXPECT_THAT(problems_of("model_list: []\n---\nmodel_list: []\n"),
                ElementsAre("c.yaml:2:1: error: a second YAML document begins here; only one is "
                            "read"));
    EXPECT_THAT(problems_of("general_settings: {master_key: !env X}\n"),
                ElementsAre("c.yaml:1:32: error: this YAML tag is not supported"));
    EXPECT_THAT(problems_of("? [a]\n: b\n"), ElementsAre("c.yaml:1:3: error: a key must be text"));
}

TEST(YamlParse, quoted_text_without_an_end_does_not_swallow_the_file) {
    const std::string message = "error: YAML syntax: this quoted text has no end";
    EXPECT_THAT(problems_of("a: 'x\nmodel_list: []\n"), ElementsAre("c.yaml:1:4: " + message));
    EXPECT_THAT(problems_of("a: \"x\\\"\nmodel_list: []\n"), ElementsAre("c.yaml:1:4: " + message));
    EXPECT_THAT(problems_of("a: b\n'c\n"), ElementsAre(HasSubstr("c.yaml:2:1: error: ")));
    EXPECT_THAT(problems_of("\xEF\xBB\xBF"
                            "a: &x !!str 'it''s\n"),
                ElementsAre("c.yaml:1:4: " + message));
    for (const char* whole : {"plugins: {rows: {a: 'it''s'}}", "plugins: {rows: {a: \"\\\"\"}}\n",
                              "plugins:\n  rows:\n    a: |\n      'x\n",
                              "plugins:\n  rows:\n    a: &b !!str 'x' # isn't\n",
                              "plugins:\n  rows:\n    a: isn't\n"}) {
        EXPECT_THAT(problems_of(whole), IsEmpty()) << whole;
    }
}

TEST(YamlParse, takes_printable_utf8_only) {
    EXPECT_THAT(problems_of("# \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\n"), IsEmpty());
    EXPECT_THAT(problems_of("# ok\n# \xC3("),
                ElementsAre("c.yaml:2:3: error: this is not valid UTF-8"));
    EXPECT_THAT(problems_of("# \xED\xA0\x80\n"),
                ElementsAre("c.yaml:1:3: error: this is not valid UTF-8"));
    EXPECT_THAT(problems_of("model_list: []\n\x04\ngeneral_settings: {}\n"),
                ElementsAre("c.yaml:2:1: error: a control character stands here"));
}

TEST(YamlParse, a_key_that_stands_twice_counts_the_last_time) {
    const auto loaded = load("litellm_settings:\n  num_retries: 1\n  num_retries: 2\n");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:3:3: warning: this key stands twice in one mapping, first on "
                            "line 2; the last one counts"));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->litellm.num_retries, 2);
}

TEST(YamlParse, aliases_and_merge_keys_repeat_values) {
    const auto loaded = load(R"(model_list:
  - model_name: a
    litellm_params: &base
      model: demo/a
      api_base: http://one
      timeout: 3
  - model_name: b
    litellm_params: *base
  - model_name: c
    litellm_params:
      <<: *base
      model: demo/c
  - model_name: d
    litellm_params:
      <<: [{timeout: 9}, *base]
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& list = loaded.config->model_list;
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[1].model, "demo/a");
    EXPECT_EQ(list[2].model, "demo/c");
    EXPECT_EQ(list[2].api_base, "http://one");
    EXPECT_EQ(list[3].model, "demo/a");
    EXPECT_EQ(list[3].timeout, std::chrono::milliseconds(9000));
}

TEST(YamlParse, a_problem_behind_an_alias_is_told_once) {
    EXPECT_THAT(problems_of(R"(model_list:
  - model_name: a
    litellm_params: &base {model: m, rpm: x}
  - model_name: b
    litellm_params: *base
)"),
                ElementsAre(HasSubstr("c.yaml:3:43: error: `litellm_params.rpm`")));
}

TEST(YamlParse, merge_keys_take_mappings_only) {
    EXPECT_THAT(problems_of("general_settings: {<<: text}\n"),
                ElementsAre("c.yaml:1:24: error: `<<` takes a mapping or a list of mappings"));
    EXPECT_THAT(problems_of("general_settings: {<<: []}\n"), IsEmpty());
}

TEST(YamlParse, bounds_what_aliases_expand_to) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string n = std::to_string(i);
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + n + ": &a" + n + " [" + before;
        for (int j = 0; j < 9; ++j) text += ", " + before;
        text += "]\n";
    }
    EXPECT_THAT(problems_of(text),
                ElementsAre("c.yaml:6:5: error: the aliases in this value repeat too much"));
}

TEST(YamlParse, bounds_nesting) {
    const std::string message = "error: nested deeper than 100 levels";
    EXPECT_THAT(problems_of("a: " + std::string(1000, '[') + std::string(1000, ']')),
                ElementsAre(HasSubstr(message)));
    std::string dashes;
    for (int i = 0; i < 1000; ++i) dashes += "- ";
    EXPECT_THAT(problems_of(dashes + "x\n"), ElementsAre(HasSubstr(message)));
    std::string chain = "a0: &a0 [x]\n";
    for (int i = 1; i < 200; ++i) {
        const std::string n = std::to_string(i);
        chain += "a" + n + ": &a" + n + " [*a" + std::to_string(i - 1) + "]\n";
    }
    EXPECT_THAT(problems_of(chain), ElementsAre(HasSubstr(message)));
}

TEST(YamlParse, refuses_a_value_that_holds_itself) {
    EXPECT_THAT(problems_of("a: &a [*a]\n"),
                ElementsAre("c.yaml:1:8: error: this alias stands inside the value that it "
                            "repeats"));
}

TEST(YamlParse, refuses_text_that_is_too_large) {
    EXPECT_THAT(problems_of(std::string(yaml::kMaxText + 1, '#')),
                ElementsAre("c.yaml: error: larger than 4 MiB"));
}

}  // namespace
}  // namespace patchbay
