// SPDX-License-Identifier: Apache-2.0
// Conversations that Anthropic would refuse for their calls and results.
#include "tool_turns.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

std::string calls(std::initializer_list<const char*> ids) {
    std::string message = R"({"role":"assistant","tool_calls":[)";
    for (const char* id : ids) {
        message += std::string(R"({"id":")") + id +
                   R"(","type":"function","function":{"name":"f","arguments":"{}"}},)";
    }
    message.back() = ']';
    return message + "}";
}

std::string result(const char* id, const char* content) {
    return std::string(R"({"role":"tool","tool_call_id":")") + id + R"(","content":")" + content +
           R"("})";
}

const std::string kAsk = R"({"role":"user","content":"q"})";

/// Each message as its role's letter and its blocks: "u[q] a[f#1] u[#1=r !#2 words]".
std::string told(const std::vector<std::string>& messages) {
    std::string list = "[";
    for (const auto& message : messages) list += message + ",";
    list.back() = ']';
    const auto sent = messages_of(list);
    if (!sent.is_array()) return json::serialize(sent);
    std::string all;
    for (const auto& message : sent.as_array()) {
        if (!all.empty()) all += " ";
        all += message.at("role").as_string()[0];
        all += "[";
        for (const auto& block : message.at("content").as_array()) {
            if (all.back() != '[') all += " ";
            const auto& type = block.at("type").as_string();
            if (type == "text") all += std::string(block.at("text").as_string());
            if (type == "tool_use") all += "f#" + std::string(block.at("id").as_string());
            if (type != "tool_result") continue;
            const bool error = block.as_object().contains("is_error");
            all += (error ? "!#" : "#") + std::string(block.at("tool_use_id").as_string());
            if (!error) all += "=" + std::string(block.at("content").as_string());
        }
        all += "]";
    }
    return all;
}

TEST(ToolTurns, ResultsFollowTheirCalls) {
    EXPECT_EQ(told({kAsk, calls({"1", "2"}), result("2", "b"), result("1", "a"), kAsk}),
              "u[q] a[f#1 f#2] u[#2=b #1=a q]");
    EXPECT_EQ(told({kAsk, calls({"1"}), kAsk, result("1", "a")}), "u[q] a[f#1] u[#1=a q]");
}

TEST(ToolTurns, ALaterResultIsBroughtForward) {
    EXPECT_EQ(told({kAsk, calls({"1"}), kAsk, R"({"role":"assistant","content":"wait"})",
                    result("1", "a"), kAsk}),
              "u[q] a[f#1] u[#1=a q] a[wait] u[q]");
}

TEST(ToolTurns, AMissingResultIsSaidToBeMissing) {
    EXPECT_EQ(told({kAsk, calls({"1", "2"}), result("1", "a"), kAsk}),
              "u[q] a[f#1 f#2] u[#1=a !#2 q]");
    EXPECT_EQ(told({kAsk, calls({"1"})}), "u[q] a[f#1] u[!#1]");
    EXPECT_EQ(told({kAsk, calls({"1"}), R"({"role":"system","content":" "})", calls({"2"}),
                    result("2", "b")}),
              "u[q] a[f#1 f#2] u[#2=b !#1]");
}

TEST(ToolTurns, AResultWithoutACallStaysAsWords) {
    EXPECT_EQ(told({result("0", "old"), kAsk}), "u[old q]");
    EXPECT_EQ(told({kAsk, calls({"1"}), result("1", "a"), result("1", "again"), kAsk}),
              "u[q] a[f#1] u[#1=a again q]");
    EXPECT_EQ(told({kAsk, R"({"role":"assistant","content":"x"})", result("0", "")}),
              "u[q] a[x] u[[System: Empty message content sanitised to satisfy protocol]]");
}

TEST(ToolTurns, IdsThatComeAgainAreNumbered) {
    EXPECT_EQ(told({kAsk, calls({"1"}), result("1", "a"), calls({"1"}), result("1", "b")}),
              "u[q] a[f#1] u[#1=a] a[f#1_2] u[#1_2=b]");
    EXPECT_EQ(told({kAsk, calls({"1", "1"}), result("1", "a"), result("1", "b")}),
              "u[q] a[f#1 f#1_2] u[#1=a #1_2=b]");
    EXPECT_EQ(told({kAsk, calls({"a.b", "a_b"}), result("a_b", "x"), result("a.b", "y")}),
              "u[q] a[f#a_b f#a_b_2] u[#a_b_2=x #a_b=y]");
    EXPECT_EQ(told({kAsk, calls({"1"}), kAsk, calls({"1"}), result("1", "b")}),
              "u[q] a[f#1] u[!#1 q] a[f#1_2] u[#1_2=b]");
}

TEST(ToolTurns, ACallThatStandsInTheContentTooIsOne) {
    EXPECT_EQ(told({kAsk,
                    R"({"role":"assistant","content":[
                        {"type":"tool_use","id":"1","name":"f","input":{}}],"tool_calls":[
                        {"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]})",
                    result("1", "a")}),
              "u[q] a[f#1] u[#1=a]");
}

// Compared one with another, or numbered from the first on, they would take a minute.
constexpr int kVeryMany = 20'000;

TEST(ToolTurns, VeryManyCallsOfOneIdAreNoTrouble) {
    std::vector<std::string> messages{kAsk};
    for (int i = 0; i < kVeryMany; ++i) {
        messages.push_back(calls({"1"}));
        messages.push_back(result("1", "a"));
    }
    const auto all = told(messages);
    const std::string last = " a[f#1_20000] u[#1_20000=a]";
    EXPECT_EQ(all.substr(all.size() - last.size()), last);
}

TEST(ToolTurns, VeryManyCallsThatStandInTheContentTooAreNoTrouble) {
    std::string blocks, list;
    for (int i = 0; i < kVeryMany; ++i) {
        const auto id = R"("id":")" + std::to_string(i) + R"(",)";
        blocks += R"({"type":"tool_use",)" + id + R"("name":"f","input":{}},)";
        list += R"({"type":"function",)" + id + R"("function":{"name":"f","arguments":"{}"}},)";
    }
    blocks.back() = list.back() = ']';
    const auto sent = messages_of("[" + kAsk + R"(,{"role":"assistant","content":[)" + blocks +
                                  R"(,"tool_calls":[)" + list + "}]");
    ASSERT_TRUE(sent.is_array());
    EXPECT_EQ(sent.at(1).at("content").as_array().size(), static_cast<std::size_t>(kVeryMany));
}

TEST(ToolTurns, AnthropicsOwnCallsStayAsTheyAre) {
    EXPECT_JSON(messages_of("[" + kAsk + R"(,{"role":"assistant","content":[
        {"type":"server_tool_use","id":"s","name":"web_search","input":{}},
        {"type":"web_search_tool_result","tool_use_id":"s","content":[]}]},)" +
                            kAsk + "]")
                    .at(1)
                    .at("content"),
                R"([{"type":"server_tool_use","id":"s","name":"web_search","input":{}},
        {"type":"web_search_tool_result","tool_use_id":"s","content":[]}])");
}

}  // namespace
}  // namespace patchbay::anthropic
