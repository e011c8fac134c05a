// SPDX-License-Identifier: Apache-2.0
#include "tools.hpp"

#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

constexpr const char* kOneTool =
    R"(,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";

json::value with_tool(const std::string& members) {
    return translated_with(kOneTool + members);
}

TEST(Tools, FunctionsGetAnInputSchema) {
    EXPECT_JSON(
        translated_with(R"(,"tools":[
        {"type":"function","cache_control":{"type":"ephemeral"},"function":{"name":"w",
         "description":"Weather","strict":true,"parameters":{"type":"object",
         "properties":{"c":{"type":"string"}},"required":["c"],"additionalProperties":false}}},
        {"type":"function","function":{"name":"now"}}])")
            .at("tools"),
        R"([{"type":"custom","name":"w","description":"Weather","cache_control":{"type":"ephemeral"},
        "input_schema":{"type":"object","properties":{"c":{"type":"string"}},"required":["c"],
         "additionalProperties":false}},
        {"type":"custom","name":"now","input_schema":{"type":"object","properties":{}}}])");
}

TEST(Tools, MayBeWrittenAsInTheResponsesApi) {
    const auto body = translated_with(
        R"(,"tools":[{"type":"function","name":"w","description":"d","parameters":{"type":"object"}}],
        "tool_choice":{"type":"function","name":"w"})");
    EXPECT_JSON(body.at("tools"), R"([{"type":"custom","name":"w","description":"d",
        "input_schema":{"type":"object","properties":{}}}])");
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"tool","name":"w"})");
}

TEST(Tools, OnlyThoseThatMayBeCalledAreSent) {
    const auto body = translated_with(
        R"(,"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}],
        "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
         "tools":[{"type":"function","function":{"name":"g"}}]}})");
    EXPECT_JSON(
        body.at("tools"),
        R"([{"type":"custom","name":"g","input_schema":{"type":"object","properties":{}}}])");
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"any"})");
}

// Compared one with another they would take very long.
TEST(Tools, VeryManyThatMayBeCalledAreNoTrouble) {
    constexpr int kVeryMany = 20'000;
    std::string tools, allowed;
    for (int i = 0; i < kVeryMany; ++i) {
        const auto tool = [](int number) {
            return R"({"type":"function","function":{"name":"f)" + std::to_string(number) + "\"}},";
        };
        tools += tool(i);
        if (i % 2 == 0) allowed += tool(kVeryMany - 2 - i);
    }
    tools.back() = allowed.back() = ']';
    const auto body = translated_with(",\"tools\":[" + tools +
                                      R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{
                                          "mode":"auto","tools":[)" +
                                      allowed + "}}");
    EXPECT_EQ(body.at("tools").as_array().size(), static_cast<std::size_t>(kVeryMany) / 2);
}

TEST(Tools, AnthropicsOwnPassAsTheyAre) {
    const char* own = R"([{"type":"web_search_20250305","name":"web_search","max_uses":3},
        {"type":"bash_20250124","name":"bash"},
        {"name":"x","input_schema":{"type":"object"}}])";
    EXPECT_JSON(translated_with(std::string(",\"tools\":") + own).at("tools"), own);
}

TEST(Tools, ComputerToolMayBeWrittenAsAFunction) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],"tools":[
        {"type":"computer_20250124","function":{"name":"computer",
         "parameters":{"display_width_px":800,"display_height_px":600}}}]})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->betas.joined(), "computer-use-2025-01-24");
    EXPECT_JSON(json::parse(call->body).at("tools"), R"([{"type":"computer_20250124",
        "name":"computer","display_width_px":800,"display_height_px":600}])");
}

TEST(Tools, McpServersMoveToTheirOwnMember) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"}],"tools":[
        {"type":"mcp","server_label":"d","server_url":"https://mcp.test","allowed_tools":["a"],
         "headers":{"Authorization":"Bearer t"}}]})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->betas.joined(), "mcp-client-2025-04-04");
    const auto body = json::parse(call->body);
    EXPECT_JSON(body.at("mcp_servers"), R"([{"type":"url","url":"https://mcp.test","name":"d",
        "tool_configuration":{"allowed_tools":["a"]},"authorization_token":"t"}])");
    EXPECT_FALSE(body.as_object().contains("tools"));
}

TEST(Tools, LegacyFunctions) {
    const auto body = translated_with(R"(,"functions":[{"name":"f","parameters":{"type":"object",
        "properties":{}}}],"function_call":{"name":"f"})");
    EXPECT_JSON(body.at("tools"),
                R"([{"type":"custom","name":"f",
                    "input_schema":{"type":"object","properties":{}}}])");
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"tool","name":"f"})");
}

TEST(Tools, WebSearchOptions) {
    EXPECT_JSON(translated_with(R"(,"web_search_options":{"search_context_size":"medium",
        "user_location":{"type":"approximate","approximate":{"city":"Rome","country":"IT","x":1}}})")
                    .at("tools"),
                R"([{"type":"web_search_20250305","name":"web_search","max_uses":5,
        "user_location":{"type":"approximate","city":"Rome","country":"IT"}}])");
}

TEST(Tools, OldToolCallsWithoutToolsGetAPlaceholderThatIsNeverCalled) {
    const auto body = translated(R"({"messages":[{"role":"user","content":"q"},
        {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"a","content":"1"}]})");
    EXPECT_EQ(body.at("tools").as_array().size(), 1u);
    EXPECT_JSON(body.at("tool_choice"), R"({"type":"none"})");
}

TEST(ToolChoice, WordsAndNames) {
    EXPECT_JSON(with_tool(R"(,"tool_choice":"auto")").at("tool_choice"), R"({"type":"auto"})");
    EXPECT_JSON(with_tool(R"(,"tool_choice":"none")").at("tool_choice"), R"({"type":"none"})");
    EXPECT_JSON(with_tool(R"(,"tool_choice":"required")").at("tool_choice"), R"({"type":"any"})");
    EXPECT_JSON(with_tool(R"(,"tool_choice":{"type":"function","function":{"name":"f"}})")
                    .at("tool_choice"),
                R"({"type":"tool","name":"f"})");
    EXPECT_JSON(with_tool(R"(,"tool_choice":{"type":"tool","name":"f"})").at("tool_choice"),
                R"({"type":"tool","name":"f"})");
}

TEST(ToolChoice, ParallelCallsAreAFlagOfTheChoice) {
    EXPECT_JSON(with_tool(R"(,"parallel_tool_calls":false)").at("tool_choice"),
                R"({"type":"auto","disable_parallel_tool_use":true})");
    EXPECT_JSON(
        with_tool(R"(,"tool_choice":"required","parallel_tool_calls":true)").at("tool_choice"),
        R"({"type":"any","disable_parallel_tool_use":false})");
    EXPECT_JSON(with_tool(R"(,"tool_choice":"none","parallel_tool_calls":false)").at("tool_choice"),
                R"({"type":"none"})");
}

TEST(ToolChoice, IsLeftOutWithoutTools) {
    EXPECT_FALSE(translated_with(R"(,"tool_choice":"auto","parallel_tool_calls":true)")
                     .as_object()
                     .contains("tool_choice"));
}

TEST(Tools, MalformedOnesAreRefusedWithTheirPlace) {
    EXPECT_JSON(translated_with(R"(,"tools":{})"), R"("tools: must be an array")");
    EXPECT_JSON(translated_with(R"(,"tools":[1])"), R"("tools[0]: must be an object")");
    EXPECT_JSON(translated_with(R"(,"tools":[{"type":"function"}])"),
                R"("tools[0].function: must be an object")");
    EXPECT_JSON(translated_with(R"(,"tools":[{"type":"function","function":{"name":""}}])"),
                R"("tools[0].function.name: must be a string that is not empty")");
    EXPECT_JSON(translated_with(
                    R"(,"tools":[{"type":"function","function":{"name":"f","parameters":[]}}])"),
                R"("tools[0].function.parameters: must be an object")");
    EXPECT_JSON(with_tool(R"(,"tool_choice":"maybe")"),
                R"("tool_choice: must be none, auto, required or a named tool")");
    EXPECT_JSON(with_tool(R"(,"tool_choice":{"type":"function"})"),
                R"("tool_choice: must name a function")");
    EXPECT_JSON(with_tool(R"(,"parallel_tool_calls":1)"),
                R"("parallel_tool_calls: must be a boolean")");
}

}  // namespace
}  // namespace patchbay::anthropic
