#include "app/env_file.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(EnvFileTest, LinesAsDotenvReadsThem) {
    const EnvFile file = parse_env_file(
        "\xEF\xBB\xBF# keys\n"
        "A=plain\r\n"
        "export B = spaced out  # a comment\n"
        "C='lit${A}eral # no comment'\n"
        "D=\"two\\nlines and \\\"marks\\\" ${A}\" # comment\n"
        "E=\n"
        "F=a#b\n"
        "G=\"over\n"
        "lines\"\n"
        "H=${A}-${NOT_SET_ANYWHERE:-otherwise}\n"
        "I=\"\\${A}\"\n"
        "\n"
        "J=last");
    EXPECT_THAT(file.problems, IsEmpty());
    EXPECT_THAT(file.variables,
                ElementsAre(Pair("A", "plain"), Pair("B", "spaced out"),
                            Pair("C", "lit${A}eral # no comment"),
                            Pair("D", "two\nlines and \"marks\" plain"), Pair("E", ""),
                            Pair("F", "a#b"), Pair("G", "over\nlines"),
                            Pair("H", "plain-otherwise"), Pair("I", "${A}"), Pair("J", "last")));
}

TEST(EnvFileTest, WhatIsNoVariableIsAProblemAtItsLineAndTheRestIsRead) {
    const EnvFile file = parse_env_file(
        "A=1\n"
        "just words\n"
        "9X=1\n"
        "B=\"open\n"
        "C='x' y\n"
        "D=4\n");
    EXPECT_THAT(file.variables, ElementsAre(Pair("A", "1"), Pair("D", "4")));
    EXPECT_THAT(
        file.problems,
        ElementsAre(".env:2: no = behind the name: ignored", ".env:3: expected NAME=value: ignored",
                    ".env:4: the quotation mark is not closed: ignored",
                    ".env:5: something stands behind the closing quotation mark: ignored"));
}

TEST(EnvFileTest, TheEnvironmentIsSeenByReferences) {
    ::setenv("PATCHBAY_TEST_OUTSIDE", "outside", 1);
    const EnvFile file = parse_env_file("A=${PATCHBAY_TEST_OUTSIDE}\n");
    ::unsetenv("PATCHBAY_TEST_OUTSIDE");
    EXPECT_THAT(file.variables, ElementsAre(Pair("A", "outside")));
}

}  // namespace
}  // namespace patchbay::app
