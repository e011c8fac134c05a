#include "access.hpp"

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

const json::object& document() {
    static const json::value value = *parse_json(
        R"({"n":null,"t":"x","o":{"i":3},"a":[1],"neg":-1,"half":1.5,"whole":2.0,"told":"12","words":"12 a","minus":"-1",
                        "long":123456789012345678901234567890,"yes":true,"no":false})");
    return value.get_object();
}

TEST(JsonAccess, WhatIsNotThereOrNullIsAbsent) {
    for (const char* name : {"n", "x", ""}) {
        EXPECT_EQ(find(document(), name), nullptr) << name;
        EXPECT_EQ(find_object(document(), name), nullptr) << name;
        EXPECT_EQ(find_array(document(), name), nullptr) << name;
        EXPECT_EQ(text(document(), name, "else"), "else") << name;
        EXPECT_EQ(count(document(), name), 0u) << name;
        EXPECT_FALSE(is_true(&document(), name)) << name;
    }
    EXPECT_EQ(find(static_cast<const json::object*>(nullptr), "t"), nullptr);
    EXPECT_EQ(count(static_cast<const json::object*>(nullptr), "t"), 0u);
}

TEST(JsonAccess, AnotherTypeIsAbsent) {
    EXPECT_EQ(find_object(document(), "a"), nullptr);
    EXPECT_EQ(find_object(document(), "long"), nullptr);  // text of a number, kept as an object
    EXPECT_EQ(find_array(document(), "o"), nullptr);
    EXPECT_EQ(text(document(), "a"), "");
    EXPECT_TRUE(is_true(&document(), "yes"));
    EXPECT_FALSE(is_true(&document(), "no"));
    EXPECT_FALSE(is_true(&document(), "t"));
}

TEST(JsonAccess, CountsAreWholeAndNotNegative) {
    EXPECT_EQ(count(find_object(document(), "o"), "i"), 3u);
    EXPECT_EQ(count(document(), "whole"), 2u);
    for (const char* name : {"neg", "half", "long", "t", "words", "minus"}) {
        EXPECT_EQ(count(document(), name), 0u) << name;
    }
    EXPECT_EQ(count(document(), "told"), 12u) << "as servers write it that quote numbers";
}

TEST(JsonAccess, MembersCanBeChanged) {
    json::object object = document();
    find_object(object, "o")->insert_or_assign("i", 4);
    *find(object, "t") = "y";
    EXPECT_EQ(count(find_object(object, "o"), "i"), 4u);
    EXPECT_EQ(text(object, "t"), "y");
}

TEST(JsonAccess, TextsComeBackAsTheyWere) {
    const std::string given = R"({"a":"\ud83d","b":12345678901234567890123,"c":0.7})";
    EXPECT_EQ(to_text(*parse_json(given)), given);
    EXPECT_FALSE(parse_json("{"));
    EXPECT_TRUE(mentions(given, "\"c\""));
    EXPECT_FALSE(mentions(given, "\"d\""));
}

TEST(JsonAccess, WordsAreFoundAmongFewUnderscoresAndMany) {
    const std::string_view word = "\"is_error\"";
    for (const std::string_view filler : {"", "x", "_", "is_error ", "\"is_erro_"}) {
        for (const std::size_t times : {0u, 1u, 63u, 5000u}) {
            SCOPED_TRACE(std::string(filler) + " x " + std::to_string(times));
            std::string text;
            for (std::size_t i = 0; i < times; ++i) text += filler;
            EXPECT_FALSE(mentions(text, word));
            EXPECT_TRUE(mentions(text + std::string(word), word));
            EXPECT_TRUE(mentions(std::string(word) + text, word));
            EXPECT_FALSE(mentions(text + "_error\"", word));
        }
    }
}

}  // namespace
}  // namespace patchbay::shared
