#include "engine/surface/anthropic/request_test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(ChatOfMessages, SaysToolsAndTheirChoice) {
    const char* const tool = R"("tools":[{"name":"f","input_schema":{"type":"object"}}])";
    const auto with_tool = [&](std::string_view choice) {
        return with_members(std::string(tool) + ",\"tool_choice\":" + std::string(choice));
    };
    const MemberCase cases[] = {
        {"client's tool",
         R"("tools":[{"name":"f","description":"D","input_schema":{"type":"object","properties":{}},
            "strict":true,"cache_control":{"type":"ephemeral"},"defer_loading":true}])",
         "tools",
         R"([{"type":"function","function":{"name":"f","description":"D",
             "parameters":{"type":"object","properties":{}},"strict":false},
             "cache_control":{"type":"ephemeral"}}])",
         {"tools.strict", "tools.defer_loading"}},
        {"custom, and OpenAI's own",
         R"("tools":[{"type":"custom","name":"f","input_schema":{"type":"object"}},
            {"type":"function","function":{"name":"g"}}])",
         "tools",
         R"([{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"g"}}])"},
        {"none", R"("tools":[])", "tools", ""},
        {"a search among them, which finds what is told",
         R"("tools":[{"type":"tool_search_tool_bm25_20251119","name":"tool_search_tool_bm25"},
            {"name":"f","defer_loading":true,"input_schema":{"type":"object"}}])",
         "tools",
         R"([{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}])",
         {"tools.tool_search", "tools.defer_loading"}},
        {"web search", R"("tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5,
            "user_location":{"type":"approximate","city":"Paris"}}])",
         "web_search_options",
         R"({"search_context_size":"medium","user_location":{"type":"approximate",
             "approximate":{"city":"Paris"}}})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(with_members(c.members));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(member(*chat, c.name), *c.expected ? tidy(c.expected) : "");
        EXPECT_EQ(chat->dropped, c.dropped);
    }
    const struct {
        const char* choice;
        const char* expected;
        const char* parallel;
    } choices[] = {
        {R"({"type":"auto"})", R"("auto")", ""},
        {R"({"type":"any","disable_parallel_tool_use":true})", R"("required")", "false"},
        {R"({"type":"none"})", R"("none")", ""},
        {R"({"type":"tool","name":"f","disable_parallel_tool_use":false})",
         R"({"type":"function","function":{"name":"f"}})", ""},
    };
    for (const auto& c : choices) {
        SCOPED_TRACE(c.choice);
        const auto chat = chat_of_messages(with_tool(c.choice));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(member(*chat, "tool_choice"), c.expected);
        EXPECT_EQ(member(*chat, "parallel_tool_calls"), c.parallel);
    }
    // As Claude Code asks for a search.
    const auto search = chat_of_messages(with_members(
        R"("tools":[{"type":"web_search_20250305","name":"web_search"},{"name":"f","input_schema":{}}],
           "tool_choice":{"type":"tool","name":"web_search"})"));
    ASSERT_TRUE(search) << search.error().message;
    EXPECT_EQ(member(*search, "tool_choice"), "");
    EXPECT_EQ(member(*search, "web_search_options"), "{}");
    EXPECT_EQ(search->dropped, Names{"tool_choice"});
    const auto alone = chat_of_messages(with_members(R"("tool_choice":{"type":"auto"})"));
    ASSERT_TRUE(alone);
    EXPECT_EQ(member(*alone, "tool_choice"), "");
}

TEST(ChatOfMessages, ToolsThatTheClientRunsBecomeFunctions) {
    const auto chat = chat_of_messages(with_members(
        R"("tools":[{"type":"bash_20250124","name":"bash"},
           {"type":"text_editor_20250728","name":"str_replace_based_edit_tool"},
           {"type":"memory_20250818","name":"memory"}])"));
    ASSERT_TRUE(chat) << chat.error().message;
    const auto tools = tree_of(member(*chat, "tools"));
    const char* const names[] = {"bash", "str_replace_based_edit_tool", "memory"};
    ASSERT_EQ(tools.get_array().size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto* function = find_object(tools.get_array()[i].get_object(), "function");
        ASSERT_TRUE(function);
        EXPECT_EQ(text(*function, "name"), names[i]);
        EXPECT_FALSE(text(*function, "description").empty());
        const auto* parameters = find_object(*function, "parameters");
        ASSERT_TRUE(parameters);
        EXPECT_TRUE(find_object(*find_object(*parameters, "properties"), "command"));
    }
    EXPECT_EQ(chat->dropped, (Names{"tools.type"}));
}

TEST(ChatOfMessages, LongNamesAndIdsAreShortenedTheSameEverywhere) {
    const std::string name(80, 'a');
    const std::string id(65, 'i');
    const auto chat = chat_of_messages(
        R"({"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","id":")" +
        id + R"(","name":")" + name + R"(","input":{}}]},{"role":"user","content":[
            {"type":"tool_result","tool_use_id":")" +
        id + R"(","content":"r"}]}],"tools":[{"name":")" + name +
        R"(","input_schema":{}}],"tool_choice":{"type":"tool","name":")" + name + R"("}})");
    ASSERT_TRUE(chat) << chat.error().message;
    const std::string sent = std::string(55, 'a') + "_0f45e858";
    EXPECT_EQ(chat->names.original(sent), name);
    std::size_t times = 0;
    for (auto at = chat->json.find(sent); at != std::string::npos;
         at = chat->json.find(sent, at + 1)) {
        ++times;
    }
    EXPECT_EQ(times, 3u);
    const auto messages = tree_of(member(*chat, "messages"));
    const auto call = text(
        find_array(messages.get_array()[0].get_object(), "tool_calls")->at(0).get_object(), "id");
    EXPECT_EQ(call.size(), 43u);
    EXPECT_EQ(text(messages.get_array()[1].get_object(), "tool_call_id"), call);
}

}  // namespace

}  // namespace patchbay::surface
