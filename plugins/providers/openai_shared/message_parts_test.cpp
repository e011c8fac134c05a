#include "message_parts.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "call_ids.hpp"
#include "messages.hpp"

namespace patchbay::openai {
namespace {

MessageRules mistral_rules() {
    MessageRules rules;
    rules.nine_character_call_ids = true;
    rules.audio_as_text = true;
    rules.files = FileRule::document_url;
    return rules;
}

struct PartsCase {
    const char* given;
    const char* made;
};

TEST(RewriteMessages, PartsGetTheProvidersWords) {
    constexpr PartsCase kCases[] = {
        {R"([{"role":"developer","content":"a"}])", R"([{"role":"system","content":"a"}])"},
        {R"([{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}])",
         R"([{"role":"user","content":[{"type":"file","file_id":"file-1"}]}])"},
        {R"([{"role":"user","content":[{"type":"file","file":{"file_id":"https://a.test/b.pdf"}}]}])",
         R"([{"role":"user","content":[{"type":"document_url","document_url":"https://a.test/b.pdf"}]}])"},
        {R"([{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,QQ==","filename":"b.pdf"}}]}])",
         R"([{"role":"user","content":[{"type":"document_url","document_url":"data:application/pdf;base64,QQ==","document_name":"b.pdf"}]}])"},
        {R"([{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}}]}])",
         R"([{"role":"user","content":[{"type":"input_audio","input_audio":"QQ=="}]}])"},
    };
    for (const PartsCase& one : kCases) {
        const auto made = rewrite_messages(mistral_rules(), one.given, {});
        ASSERT_TRUE(made) << one.given;
        EXPECT_EQ(boost::json::parse(*made), boost::json::parse(one.made)) << *made;
    }
}

TEST(RewriteMessages, TheFormatOfAFileIsNoMemberOfOpenAIs) {
    const auto made = rewrite_messages(
        MessageRules{},
        R"([{"role":"user","content":[{"type":"file","file":{"file_id":"f","format":"a/b"}}]}])",
        {});
    ASSERT_TRUE(made);
    EXPECT_EQ(boost::json::parse(*made), boost::json::parse(R"([{"role":"user","content":[
        {"type":"file","file":{"file_id":"f"}}]}])"));
    EXPECT_FALSE(rewrite_messages(
        MessageRules{},
        R"([{"role":"user","content":[{"type":"file","file":{"file_id":"f"}},{"type":"format"}]}])",
        {}));
}

TEST(RewriteMessages, WhatSaysNothingOfItselfStays) {
    for (const char* given :
         {R"([{"role":"user","content":[{"type":"file"},{"type":"file","file":{}}]}])",
          R"([{"role":"user","content":[{"type":"input_audio","input_audio":3}]}])",
          R"([{"role":"assistant","tool_calls":[{"id":"abcDEF123"}]}])",
          R"([{"role":"assistant","tool_calls":[3],"tool_call_id":4}])"}) {
        EXPECT_FALSE(rewrite_messages(mistral_rules(), given, {})) << given;
    }
}

TEST(RewriteMessages, ACallAndItsResultKeepTheirId) {
    const auto made = rewrite_messages(
        mistral_rules(),
        R"([{"role":"assistant","tool_calls":[{"id":"call_1"},{"id":"call_2"}]},{"role":"tool","tool_call_id":"call_2"},{"role":"tool","tool_call_id":"call_1"}])",
        {});
    ASSERT_TRUE(made);
    const auto messages = boost::json::parse(*made);
    const auto id = [&](const char* at) {
        boost::system::error_code missing;
        return std::string(messages.find_pointer(at, missing)->as_string());
    };
    EXPECT_EQ(id("/0/tool_calls/0/id"), id("/2/tool_call_id"));
    EXPECT_EQ(id("/0/tool_calls/1/id"), id("/1/tool_call_id"));
    EXPECT_NE(id("/0/tool_calls/0/id"), id("/0/tool_calls/1/id"));
    EXPECT_EQ(id("/1/tool_call_id").size(), 9u);
    EXPECT_EQ(nine_character_id("abcDEF123"), "abcDEF123");
}

}  // namespace
}  // namespace patchbay::openai
