#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::problems_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct WordsCase {
    const char* text;
    const char* message;
};

TEST(YamlWords, say_what_is_wrong_with_the_line) {
    const WordsCase cases[] = {
        {"model_list:\n\t- model_name: a\n", "c.yaml:2:1: error: YAML syntax: tabs cannot indent"},
        {"a:\n\tb: c\n", "c.yaml:2:1: error: YAML syntax: tabs cannot indent YAML: use blanks"},
        {"a:\n  b:\n \t  c: d\n", "c.yaml:3:2: error: YAML syntax: tabs cannot indent"},
        {"l:\n  - n: a\n    p:\n      m: x\n     k: y\n",
         "c.yaml:5:6: error: YAML syntax: this line is indented by 5, its siblings by 6"},
        {"l:\n  - n: a\n    p:\n      m: x\n       k: y\n", "is indented by 7, its siblings by 6"},
        {"l:\n  - n: a\n   p: b\n", "is indented by 3, its siblings by 4"},
        {"l:\n  - n: a\n     p:\n      m: x\n", "is indented by 5, its siblings by 4"},
        {"l:\n  - n: a\n - n: b\n",
         "c.yaml:3:2: error: YAML syntax: this line is indented by 1, "
         "its siblings by 2"},
        {"x: 1\n  y: 2\n", "is indented by 2, its siblings by 0"},
        {"a: b: c\n", "a value that holds ': ' must stand in quotes"},
        {"g:\n  key sk\n  x: 1\n", "is a ':' missing on the line before?"},
        {"a: [1, 2\nb: 3\n", "has no ']'"},
        {"a: {x: 1\nb: 3\n", "has no '}'"},
        {"a: ]\n", "has no beginning"},
        {"a: \"\\q\"\n", "no such escape"},
        {"a: @x\n", "must stand in quotes"},
        {"a: b\n- c\n", "a '-' stands where a key"},
        {"a:\n  - b\n  c: d\n", "a key stands where a '-'"},
    };
    for (const WordsCase& one : cases) {
        EXPECT_THAT(problems_of(one.text), ElementsAre(HasSubstr(one.message))) << one.text;
    }
}

TEST(YamlWords, the_line_stands_below_with_a_mark_and_without_its_value) {
    EXPECT_THAT(problems_of("general_settings:\n\tmaster_key: sk-canary\n"),
                ElementsAre(HasSubstr("use blanks\n    <tab>master_key: ...\n    ^")));
    EXPECT_THAT(problems_of("l:\n  - n: a\n    p:\n      m: x\n     api_key: sk-canary\n"),
                ElementsAre(HasSubstr("by 6\n         api_key: ...\n         ^")));
    EXPECT_THAT(problems_of("l:\n  - sk-canary: x: y\n"), ElementsAre(Not(HasSubstr("canary"))));
}

TEST(YamlWords, a_long_file_is_read_once) {
    std::string text = "l:\n";
    for (int i = 0; i < 50'000; ++i) text += "  - n: a\n";
    EXPECT_THAT(problems_of(text + " x: 1\n"), ElementsAre(HasSubstr("its siblings by")));
}

}  // namespace
}  // namespace patchbay
