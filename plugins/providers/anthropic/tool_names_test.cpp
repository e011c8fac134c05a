// SPDX-License-Identifier: Apache-2.0
#include "tool_names.hpp"

#include <set>

#include "response.hpp"
#include "stream.hpp"
#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

std::string function(const std::string& name) {
    return R"({"type":"function","function":{"name":")" + name + R"("}})";
}

Call call_of(const std::string& members) {
    auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],)" + members + "}",
                                  test_options());
    EXPECT_TRUE(call);
    return std::move(*call);
}

std::vector<std::string> sent_names(const Call& call) {
    std::vector<std::string> names;
    const auto body = json::parse(call.body);
    for (const auto& tool : body.at("tools").as_array()) {
        names.emplace_back(tool.at("name").as_string());
    }
    return names;
}

bool is_taken(const std::string& name) {
    return !name.empty() && name.size() <= 128 &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
}

TEST(ToolNames, ValidNamesGoAsTheyAre) {
    const auto longest = std::string(128, 'a');
    const auto call = call_of(R"("tools":[)" + function("srv_todo-find") + "," + function(longest) +
                              R"(,{"type":"web_search_20250305","name":"web_search"}])");
    EXPECT_EQ(sent_names(call), (std::vector<std::string>{"srv_todo-find", longest, "web_search"}));
    EXPECT_EQ(call.tool_names.original("srv_todo-find"), "srv_todo-find");
}

TEST(ToolNames, OthersAreMadeValidDifferentAndFoundAgain) {
    const std::string longest(128, 'a');
    const std::vector<std::string> given{
        "srv/todo.find", "srv_todo_find", "srv.todo.find", "caffè", "工具",          "a b",
        longest + "x",   longest + "y",   longest,         ".",     "json_tool_call"};
    std::string tools = R"("tools":[)";
    for (const auto& name : given) tools += function(name) + ",";
    tools.back() = ']';
    const auto call = call_of(tools + R"(,"tool_choice":{"type":"function","function":{"name":")" +
                              given[0] + R"("}})");
    const auto sent = sent_names(call);
    ASSERT_EQ(sent.size(), given.size());
    EXPECT_EQ(std::set<std::string>(sent.begin(), sent.end()).size(), given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
        EXPECT_TRUE(is_taken(sent[i])) << sent[i];
        EXPECT_EQ(sent[i] == given[i], is_taken(given[i])) << given[i];
        EXPECT_EQ(call.tool_names.original(sent[i]), given[i]);
    }
    EXPECT_EQ(sent[3], "caff_");
    EXPECT_EQ(json::parse(call.body).at("tool_choice").at("name"), json::value(sent[0]));
    EXPECT_EQ(sent_names(call_of(tools)), sent);  // nothing but the request decides
}

TEST(ToolNames, HistoryAndResultsHaveTheSameNames) {
    const auto call = translate_request(
        R"({"messages":[{"role":"user","content":"q"},
            {"role":"assistant","tool_calls":[
                {"id":"1","type":"function","function":{"name":"a.b","arguments":"{}"}},
                {"id":"2","type":"function","function":{"name":"gone/tool","arguments":"{}"}},
                {"id":"3","type":"function","function":{"name":"","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"1","content":[
                {"type":"tool_reference","tool_name":"a.b"}]}],
            "tools":[{"name":"a.b","input_schema":{"type":"object"}}]})",
        test_options());
    ASSERT_TRUE(call);
    const auto body = json::parse(call->body);
    EXPECT_JSON(body.at("tools").at(0).at("name"), R"("a_b")");
    const auto& calls = body.at("messages").at(1).at("content").as_array();
    EXPECT_JSON(calls.at(0).at("name"), R"("a_b")");
    EXPECT_JSON(calls.at(1).at("name"), R"("gone_tool")");
    EXPECT_JSON(calls.at(2).at("name"), R"("tool")");
    EXPECT_JSON(body.at("messages").at(2).at("content").at(0).at("content"),
                R"([{"type":"tool_reference","tool_name":"a_b"}])");
}

TEST(ToolNames, OursIsNotTheClientsInJsonMode) {
    const auto call = call_of(R"("tools":[)" + function("json_tool_call") +
                              R"(],"response_format":{"type":"json_schema","json_schema":{"schema":
                              {"type":"object"}}})");
    const auto sent = sent_names(call);
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_NE(sent[0], "json_tool_call");
    EXPECT_EQ(sent[1], "json_tool_call");
    EXPECT_EQ(call.tool_names.original(sent[0]), "json_tool_call");
}

TEST(ToolNames, AnthropicsOwnToolsKeepTheirs) {
    const auto call = call_of(R"("tools":[)" + function("web.search") +
                              R"(,{"type":"web_search_20250305","name":"web_search"}])");
    const auto sent = sent_names(call);
    EXPECT_EQ(sent[1], "web_search");
    EXPECT_NE(sent[0], "web_search");
    EXPECT_TRUE(is_taken(sent[0]));
}

TEST(ToolNames, AnswersAndStreamsHaveTheClients) {
    auto call = call_of(R"("tools":[)" + function("srv/todo.find") + "]");
    const auto sent = sent_names(call).at(0);
    AnswerContext context;
    context.tool_names = std::move(call.tool_names);
    const auto block = R"({"type":"tool_use","id":"t","name":")" + sent + R"(","input":{}})";
    const auto results = std::string(R"({"type":"tool_search_tool_result","tool_use_id":"s",
        "content":{"type":"tool_search_tool_search_result","tool_references":[
            {"type":"tool_reference","tool_name":")") +
                         sent + R"("}]}})";
    const auto answer = translate_answer(R"({"content":[)" + results + "," + block + "]}", context);
    ASSERT_TRUE(answer);
    const auto message = json::parse(answer->json).at("choices").at(0).at("message");
    EXPECT_JSON(message.at("tool_calls").at(0).at("function").at("name"), R"("srv/todo.find")");
    const auto& found = message.at("provider_specific_fields").at("tool_results").at(0);
    EXPECT_JSON(found.at("content").at("tool_references").at(0).at("tool_name"),
                R"("srv/todo.find")");

    StreamTranslator stream(context, false);
    std::vector<std::string> chunks;
    for (const auto& start : {results, block}) {
        ASSERT_TRUE(stream.feed(
            R"({"type":"content_block_start","index":0,"content_block":)" + start + "}", chunks));
    }
    ASSERT_EQ(chunks.size(), 2u);
    for (const auto& chunk : chunks) {
        EXPECT_NE(chunk.find("srv/todo.find"), std::string::npos) << chunk;
        EXPECT_EQ(chunk.find(sent), std::string::npos) << chunk;
    }
}

}  // namespace
}  // namespace patchbay::anthropic
