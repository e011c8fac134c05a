#include "request.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "messages.hpp"
#include "openai_shared/test_support.hpp"

namespace patchbay::ollama {
namespace {

namespace json = boost::json;

json::object sent(const char* given, const char* model, Form form) {
    const openai::Request request(given, model, 0);
    const auto written = write_request(request.event, own_dialect("ollama"), form);
    EXPECT_TRUE(written) << given;
    if (!written) return {};
    json::object body = json::parse(written->body).as_object();
    body["path"] = written->path;
    return body;
}

TEST(OllamaRequest, MembersAreOptionsOrStandBesideThem) {
    const json::object body = sent(
        R"({"model":"x","messages":[],"temperature":1,"max_tokens":10,"max_completion_tokens":20,"mirostat":2,"think":true,"reasoning_effort":"none","keep_alive":"8m","user":"u","extra_body":{"knob":3}})",
        "llama3.2", Form::chat);
    EXPECT_EQ(body.at("options"),
              json::parse(R"({"temperature":1,"num_predict":20,"mirostat":2})"));
    EXPECT_EQ(body.at("think"), true);
    EXPECT_EQ(body.at("keep_alive"), "8m");
    EXPECT_EQ(body.at("knob"), 3);
    EXPECT_FALSE(body.contains("user"));
}

struct Effort {
    const char* model;
    const char* effort;
    json::value think;
};

TEST(OllamaRequest, EffortsAreASwitchOrGptOsssWords) {
    const Effort efforts[] = {
        {"llama3.2", "none", false},       {"llama3.2", "minimal", false},
        {"llama3.2", "xhigh", true},       {"gpt-oss:20b", "none", "low"},
        {"gpt-oss:20b", "minimal", "low"}, {"gpt-oss:20b", "medium", "medium"},
        {"gpt-oss:20b", "xhigh", "high"},
    };
    for (const Effort& one : efforts) {
        const std::string given =
            std::string(R"({"model":"x","messages":[],"reasoning_effort":")") + one.effort + "\"}";
        EXPECT_EQ(sent(given.c_str(), one.model, Form::chat).at("think"), one.think)
            << one.model << " " << one.effort;
    }
}

TEST(OllamaRequest, OnlyToolsThatMayBeCalledAreOffered) {
    const std::string asked =
        R"({"model":"x","messages":[],"tools":[{"function":{"name":"f"}},{"function":{"name":"g"}}],"tool_choice":)";
    for (
        const char* choice :
        {R"({"type":"function","function":{"name":"g"}}})",
         R"({"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}}})"}) {
        EXPECT_EQ(sent((asked + choice).c_str(), "m", Form::chat).at("tools"),
                  json::parse(R"([{"function":{"name":"g"}}])"))
            << choice;
    }
}

TEST(OllamaRequest, ConversationsWithToolsAreNoPrompt) {
    EXPECT_EQ(sent(R"({"model":"x","messages":[]})", "m", Form::prompt).at("path"),
              "/api/generate");
    for (const char* given :
         {R"({"model":"x","messages":[],"tools":[{}]})",
          R"({"model":"x","messages":[{"role":"tool","content":"1"}]})",
          R"({"model":"x","messages":[{"role":"assistant","tool_calls":[{"id":"1"}]}]})"}) {
        EXPECT_EQ(sent(given, "m", Form::prompt).at("path"), "/api/chat") << given;
    }
}

TEST(OllamaMessages, ResultsNameTheirCallOrTheirTool) {
    const auto messages = write_messages(
        json::parse(
            R"([{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"[1]"}}]},
                {"role":"tool","tool_call_id":"1","content":"a"},
                {"role":"tool","tool_call_id":"2","name":"g","content":"b"},
                {"role":"function","name":"h","content":"c"}])")
            .as_array());
    ASSERT_TRUE(messages);
    EXPECT_EQ(json::value(*messages), json::parse(R"([
        {"role":"assistant","content":"","images":[],"tool_calls":[{"id":"1","function":{"name":"f","arguments":{"arguments":"[1]"}}}]},
        {"role":"tool","content":"a","images":[],"tool_call_id":"1"},
        {"role":"tool","content":"b","images":[],"tool_call_id":"2"},
        {"role":"tool","content":"c","images":[],"tool_name":"h"}])"));
}

TEST(OllamaMessages, PartsOfOtherNamesThatAreTextsAreTexts) {
    const auto messages =
        write_messages(json::parse(
                           R"([{"role":"user","content":[{"type":"input_text","text":"a"}]},
                {"role":"assistant","content":[{"type":"output_text","text":"b"},{"type":"refusal","refusal":"c"}]}])")
                           .as_array());
    ASSERT_TRUE(messages);
    EXPECT_EQ(json::value(*messages), json::parse(R"([
        {"role":"user","content":"a","images":[]},
        {"role":"assistant","content":"bc","images":[]}])"));
}

TEST(OllamaMessages, WhatCannotBeSaidHasItsPlace) {
    constexpr const char* kBad[] = {
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://a.test/b.png"}}]}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"input_audio"}]}])"};
    for (const char* given : kBad) {
        const auto messages = write_messages(json::parse(given).as_array());
        ASSERT_FALSE(messages) << given;
        EXPECT_EQ(messages.error().place, "messages[0].content[1]");
        EXPECT_FALSE(write_prompt(json::parse(given).as_array())) << given;
    }
    EXPECT_EQ(write_messages(json::parse("[{},3]").as_array()).error().place, "messages[1]");
}

}  // namespace
}  // namespace patchbay::ollama
