// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "json/access.hpp"

namespace patchbay::gigachat {
namespace {

namespace json = boost::json;

openai::Written<Conversation> conversation(const char* messages) {
    return conversation_of(json::parse(messages).get_array());
}

TEST(GigaChatMessages, AMessageCallsOneFunction) {
    const auto made = conversation(R"([
        {"role":"assistant","content":"Both.","tool_calls":[
            {"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},
            {"id":"b","function":{"name":"g","arguments":""}},
            {"id":"c","function":{"name":"h","arguments":"no"}}]},
        {"role":"tool","tool_call_id":"b","content":"1"},
        {"role":"tool","tool_call_id":"a","content":"{\"y\":2}"},
        {"role":"tool","tool_call_id":"z","content":"lost"}])");
    ASSERT_TRUE(made);
    EXPECT_EQ(json::value(made->messages), json::parse(R"([
        {"role":"assistant","content":"Both.","function_call":{"name":"f","arguments":{"x":1}}},
        {"role":"function","content":"{\"y\":2}","name":"f"},
        {"role":"assistant","content":"","function_call":{"name":"g","arguments":{}}},
        {"role":"function","content":"{\"result\":1}","name":"g"},
        {"role":"assistant","content":"","function_call":{"name":"h","arguments":{"arguments":"no"}}},
        {"role":"function","content":"{\"result\":\"lost\"}","name":"z"}])"));
}

// Compared one with another they would take very long.
TEST(GigaChatMessages, VeryManyCallsAreNoTrouble) {
    constexpr int kVeryMany = 20'000;
    std::string calls, results;
    for (int i = 0; i < kVeryMany; ++i) {
        calls += R"({"id":"c)" + std::to_string(i) + R"(","function":{"name":"f"}},)";
        results += R"(,{"role":"tool","tool_call_id":"c)" + std::to_string(kVeryMany - 1 - i) +
                   R"(","content":"{}"})";
    }
    calls.back() = ']';
    const auto made = conversation(
        (R"([{"role":"assistant","tool_calls":[)" + calls + "}" + results + "]").c_str());
    ASSERT_TRUE(made);
    EXPECT_EQ(made->messages.size(), 2u * kVeryMany);
}

TEST(GigaChatMessages, InstructionsAreTheFirstMessageAlone) {
    const auto made = conversation(
        R"([{"role":"developer","content":"a"},{"role":"system","content":"b"},{"role":"user","content":null}])");
    ASSERT_TRUE(made);
    EXPECT_EQ(json::value(made->messages), json::parse(R"([
        {"role":"system","content":"a"},{"role":"user","content":"b"},{"role":"user","content":""}])"));
}

TEST(GigaChatMessages, FilesAreUploadedForTheirMessage) {
    auto made = conversation(R"([{"role":"user","content":"a"},{"role":"user","content":[
        {"type":"image_url","image_url":"data:image/png;base64,SGk="},{"type":"text","text":"b"},
        {"type":"file","file":{"file_id":"f"}},{"type":"text","text":"c"}]}])");
    ASSERT_TRUE(made);
    ASSERT_EQ(made->uploads.size(), 1u);
    EXPECT_EQ(made->uploads[0].message, 1u);
    EXPECT_EQ(made->uploads[0].type, "image/png");
    EXPECT_EQ(made->uploads[0].bytes, "Hi");
    attach(made->messages, 1, "g");
    EXPECT_EQ(made->messages[1],
              json::parse(R"({"role":"user","content":"b\nc","attachments":["f","g"]})"));
}

TEST(GigaChatMessages, WhatCannotBeSaidIsRefusedWithItsPlace) {
    struct Case {
        const char* messages;
        const char* place;
    };
    constexpr Case kCases[] = {
        {R"(["a"])", "messages[0]"},
        {R"([{"role":"user","content":7}])", "messages[0].content"},
        {R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.test"}}]}])",
         "messages[0].content[0]"},
        {R"([{"role":"user","content":[{"type":"image_url","image_url":"data:image/png;base64,*"}]}])",
         "messages[0].content[0]"},
        {R"([{"role":"user","content":[{"type":"image_url","image_url":"data:a\r\nb: c;base64,SGk="}]}])",
         "messages[0].content[0]"},
        {R"([{"role":"assistant","tool_calls":[{"id":"a"}]},
             {"role":"tool","tool_call_id":"a","content":[{"type":"input_audio"}]}])",
         "messages[1].content[0]"},
    };
    for (const Case& one : kCases) {
        const auto made = conversation(one.messages);
        ASSERT_FALSE(made) << one.messages;
        EXPECT_EQ(made.error().param, one.place);
    }
}

}  // namespace
}  // namespace patchbay::gigachat
