#include "message_turns.hpp"

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

std::string tidy(std::string_view text) {
    return boost::json::serialize(boost::json::parse(text));
}

std::string fitted(std::string_view params, std::string_view messages) {
    const auto made = fit_turns(params, messages);
    return made ? tidy(*made) : "as it is";
}

TEST(MessageTurns, WhatTheSystemSaysIsSomebodyElses) {
    constexpr std::string_view kNone = R"({"supports_system_message":false})";
    const struct {
        const char* given;
        const char* sent;
    } cases[] = {
        {R"([{"role":"system","content":"s"},{"role":"user","content":"u"}])",
         R"([{"role":"user","content":"s u"}])"},
        {R"([{"role":"system","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"u","name":"n"}])",
         R"([{"role":"user","content":"a"},{"role":"user","content":"b u","name":"n"}])"},
        {R"([{"role":"developer","content":"s"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}])",
         R"([{"role":"user","content":[{"type":"text","text":"s"},{"type":"image_url","image_url":{"url":"x"}}]}])"},
        {R"([{"role":"user","content":"u"},{"role":"system","content":"s"}])",
         R"([{"role":"user","content":"u"},{"role":"user","content":"s"}])"},
        {R"([{"role":"system","content":"s"},{"role":"tool","tool_call_id":"c","content":"r"}])",
         R"([{"role":"user","content":"s"},{"role":"tool","tool_call_id":"c","content":"r"}])"},
        {R"([{"role":"system","content":[{"type":"text","text":"s"}]},{"role":"assistant","content":null,"tool_calls":[{}]}])",
         R"([{"role":"assistant","content":[{"type":"text","text":"s"}],"tool_calls":[{}]}])"},
    };
    for (const auto& c : cases) EXPECT_EQ(fitted(kNone, c.given), tidy(c.sent));
    EXPECT_EQ(fitted(R"({"supports_system_message":true})", cases[0].given), "as it is");
    EXPECT_EQ(fitted("{}", cases[0].given), "as it is");
    EXPECT_EQ(fitted(kNone, R"("text")"), "as it is");
}

TEST(MessageTurns, UserAndAssistantSpeakInTurn) {
    constexpr std::string_view kTurns = R"({"ensure_alternating_roles":true})";
    const struct {
        const char* given;
        const char* sent;
    } cases[] = {
        {R"([{"role":"assistant","content":"a"},{"role":"assistant","content":"b"}])",
         R"([{"role":"user","content":"Please continue."},{"role":"assistant","content":"a"},
             {"role":"user","content":"Please continue."},{"role":"assistant","content":"b"},
             {"role":"user","content":"Please continue."}])"},
        {R"([{"role":"user","content":"a"},{"role":"user","content":"b"}])",
         R"([{"role":"user","content":"a"},{"role":"assistant","content":"Please continue."},{"role":"user","content":"b"}])"},
        {R"([{"role":"system","content":"s"},{"role":"user","content":"a"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c"}]},{"role":"tool","tool_call_id":"c","content":"r"},
             {"role":"assistant","content":"b"},{"role":"user","content":"c"}])",
         R"([{"role":"system","content":"s"},{"role":"user","content":"a"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c"}]},{"role":"tool","tool_call_id":"c","content":"r"},
             {"role":"assistant","content":"b"},{"role":"user","content":"c"}])"},
        {"[]", "[]"},
        {R"([1,{"role":"user","content":"a"}])", R"([1,{"role":"user","content":"a"}])"},
    };
    for (const auto& c : cases) EXPECT_EQ(fitted(kTurns, c.given), tidy(c.sent));
    EXPECT_EQ(
        fitted(
            R"({"ensure_alternating_roles":true,"user_continue_message":{"role":"user","content":"go on"}})",
            R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"}])"),
        tidy(
            R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"go on"}])"));
}

}  // namespace
}  // namespace patchbay::openai
