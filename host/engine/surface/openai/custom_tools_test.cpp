#include "engine/surface/openai/custom_tools.hpp"

#include <gtest/gtest.h>

#include "engine/surface/hub/test_support.hpp"
#include "engine/surface/request_scan.hpp"

namespace patchbay::surface {

namespace {

using test::tidy;

FunctionsOfCustom of(std::string_view body) {
    const auto scan = scan_request(body, kMessagesForm);
    EXPECT_TRUE(scan) << body;
    auto made = functions_of_custom(body, {scan->members.data(), scan->members.size()});
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
}

bool may_have(std::string_view body) {
    const auto scan = scan_request(body, kMessagesForm);
    return may_have_custom_tools({scan->members.data(), scan->members.size()});
}

constexpr std::string_view kFunction =
    R"({"name":"run","description":"Runs code.","parameters":{"type":"object","properties":{"input":{"type":"string","description":"The input, as plain text."}},"required":["input"],"additionalProperties":false}})";

TEST(CustomTools, are_functions_of_one_text) {
    const auto made = of(
        R"({"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"run","description":"Runs code."}}],"tool_choice":{"type":"custom","custom":{"name":"run"}},"big":12345678901234567890123})");
    EXPECT_EQ(
        made.json,
        R"({"model":"m","messages":[],"big":12345678901234567890123,"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":)" +
            std::string(kFunction) +
            R"(}],"tool_choice":{"type":"function","function":{"name":"run"}}})");
    EXPECT_EQ(made.names, std::vector<std::string>{"run"});
    EXPECT_TRUE(made.dropped.empty());
}

TEST(CustomTools, may_be_written_as_in_the_responses_api) {
    const auto made = of(
        R"({"model":"m","messages":[],"tools":[{"type":"custom","name":"run","description":"Runs code."}],"tool_choice":{"type":"custom","name":"run"}})");
    EXPECT_EQ(made.json, R"({"model":"m","messages":[],"tools":[{"type":"function","function":)" +
                             std::string(kFunction) +
                             R"(}],"tool_choice":{"type":"function","function":{"name":"run"}}})");
    EXPECT_EQ(made.names, std::vector<std::string>{"run"});
}

TEST(CustomTools, tell_their_grammar_in_words) {
    const auto made = of(
        R"({"model":"m","messages":[],"tools":[{"type":"custom","custom":{"name":"run","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: WORD"}}}}]})");
    EXPECT_NE(made.json.find(R"(The input must match this grammar (lark):\nstart: WORD)"),
              std::string::npos)
        << made.json;
    EXPECT_EQ(made.dropped, std::vector<std::string>{"tools[0].custom.format"});
}

TEST(CustomTools, are_called_as_functions_in_earlier_turns) {
    const auto made = of(
        R"({"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"custom","custom":{"name":"run","input":"say \"a\""},"extra_content":{"x":1}}]},{"role":"tool","tool_call_id":"c","content":"a"}],"tools":[{"type":"custom","custom":{"name":"run","description":"Runs code."}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"custom","custom":{"name":"run"}}]}}})");
    const auto tree = json_tree::read(made.json);
    const auto& body = tree.value.get_object();
    EXPECT_EQ(
        body.at("messages").at(0).at("tool_calls").at(0),
        test::tree_of(
            R"({"id":"c","type":"function","extra_content":{"x":1},"function":{"name":"run","arguments":"{\"input\":\"say \\\"a\\\"\"}"}})"));
    EXPECT_EQ(json_tree::write(body.at("tool_choice").at("allowed_tools").at("tools").at(0)),
              R"({"type":"function","function":{"name":"run"}})");
}

TEST(CustomTools, of_another_kind_and_words_stay) {
    // Anthropic's own form, which is no tool of free text.
    const char* theirs =
        R"({"model":"m","messages":[],"tools":[{"type":"custom","name":"f","input_schema":{"type":"object"}}]})";
    EXPECT_TRUE(may_have(theirs));
    EXPECT_TRUE(of(theirs).names.empty());
    EXPECT_FALSE(may_have(R"({"model":"m","messages":[{"role":"user","content":"\"custom\""}]})"));
    EXPECT_FALSE(may_have(
        R"({"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"customs"}}]})"));
}

TEST(CustomTools, without_a_name_are_refused) {
    const std::string_view body =
        R"({"model":"m","messages":[],"tools":[{"type":"custom","custom":{"name":""}}]})";
    const auto scan = scan_request(body, kMessagesForm);
    const auto made = functions_of_custom(body, {scan->members.data(), scan->members.size()});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().status(), 400);
    EXPECT_EQ(made.error().param, "tools[0].custom.name");
}

TEST(CustomCalls, of_a_whole_answer_are_custom_again) {
    const CustomCalls calls({"run"});
    const auto made = calls.whole(
        R"({"id":"a","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"run","arguments":"{\"input\":\"a\\nb\"}"}},{"id":"2","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"3","type":"function","function":{"name":"run","arguments":"a b"}}]},"finish_reason":"tool_calls"}]})");
    ASSERT_TRUE(made);
    EXPECT_EQ(
        *made,
        tidy(
            R"({"id":"a","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"1","type":"custom","custom":{"name":"run","input":"a\nb"}},{"id":"2","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"3","type":"custom","custom":{"name":"run","input":"a b"}}]},"finish_reason":"tool_calls"}]})"));
    EXPECT_FALSE(calls.whole(R"({"choices":[{"index":0,"message":{"content":"run"}}]})"));
    EXPECT_FALSE(calls.whole("no JSON"));
}

std::string chat_chunk(std::string_view delta, std::string_view reason = "null") {
    return R"({"id":"a","choices":[{"index":0,"delta":)" + std::string(delta) +
           R"(,"finish_reason":)" + std::string(reason) + "}]}";
}

std::string entry(std::string_view inside) {
    return R"({"tool_calls":[{"index":0,)" + std::string(inside) + "}]}";
}

std::vector<std::string> told(CustomCalls& calls, const std::vector<std::string>& chunks) {
    std::vector<std::string> all;
    for (const auto& chunk : chunks) {
        if (!calls.chunk(chunk, all)) all.push_back(chunk);
    }
    return all;
}

// Whatever the cuts, the client puts the same call together.
TEST(CustomCalls, of_a_stream_are_told_when_they_are_whole) {
    const std::string arguments = R"({\"input\":\"a\\nb\"})";
    for (std::size_t cut = 0; cut <= arguments.size(); ++cut) {
        if (cut > 0 && cut < arguments.size() && arguments[cut - 1] == '\\') continue;
        CustomCalls calls({"run"});
        const auto made =
            told(calls,
                 {chat_chunk(R"({"role":"assistant","content":"Hm"})"),
                  chat_chunk(
                      entry(R"("id":"1","type":"function","function":{"name":"run","arguments":")" +
                            arguments.substr(0, cut) + "\"}")),
                  chat_chunk(entry(R"("function":{"arguments":")" + arguments.substr(cut) + "\"}")),
                  chat_chunk("{}", "\"tool_calls\"")});
        std::string input;
        std::string head;
        for (const auto& one : made) {
            const auto tree = json_tree::read(one);
            const auto& delta = tree.value.at("choices").at(0).at("delta").get_object();
            if (!delta.contains("tool_calls")) continue;
            const auto& call = delta.at("tool_calls").at(0).get_object();
            EXPECT_FALSE(call.contains("function")) << one;
            EXPECT_EQ(call.at("index"), 0);
            if (call.contains("id")) {
                head = text(call, "id");
                EXPECT_EQ(text(call, "type"), "custom");
            }
            input += text(call.at("custom").get_object(), "input");
        }
        EXPECT_EQ(head, "1") << cut;
        EXPECT_EQ(input, "a\nb") << cut;
        EXPECT_EQ(made.front(), chat_chunk(R"({"role":"assistant","content":"Hm"})"));
        EXPECT_EQ(made.back(), chat_chunk("{}", "\"tool_calls\""));
    }
}

TEST(CustomCalls, cut_short_are_told_as_far_as_they_go_before_the_end) {
    CustomCalls calls({"run"});
    const auto made = told(
        calls,
        {chat_chunk(entry(
             R"("id":"1","type":"function","function":{"name":"run","arguments":"{\"input\":\"a"})")),
         chat_chunk("{}", "\"length\"")});
    ASSERT_EQ(made.size(), 3u);
    EXPECT_EQ(made[1], tidy(chat_chunk(entry(R"("custom":{"input":"{\"input\":\"a"})"))));
    EXPECT_EQ(made[2], chat_chunk("{}", "\"length\""));
}

TEST(CustomCalls, leave_other_calls_and_what_stands_beside_them) {
    CustomCalls calls({"run"});
    const auto both = chat_chunk(
        R"({"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"run","arguments":"{"}},{"index":1,"id":"2","type":"function","function":{"name":"f","arguments":"{"}}]})");
    const auto more = chat_chunk(
        R"({"tool_calls":[{"index":0,"function":{"arguments":"\"input\":\"x\""}},{"index":1,"function":{"arguments":"}"}}]})");
    const auto usage = std::string(R"({"choices":[],"usage":{"prompt_tokens":1}})");
    const auto made =
        told(calls, {both, more, chat_chunk(entry(R"("function":{"arguments":"}"})")), usage});
    ASSERT_EQ(made.size(), 4u);
    EXPECT_EQ(
        made[0],
        tidy(chat_chunk(
            R"({"tool_calls":[{"index":0,"id":"1","type":"custom","custom":{"name":"run","input":""}},{"index":1,"id":"2","type":"function","function":{"name":"f","arguments":"{"}}]})")));
    EXPECT_EQ(made[1],
              tidy(chat_chunk(R"({"tool_calls":[{"index":1,"function":{"arguments":"}"}}]})")));
    EXPECT_EQ(made[2], tidy(chat_chunk(entry(R"("custom":{"input":"x"})"))));
    EXPECT_EQ(made[3], usage);
}

}  // namespace

}  // namespace patchbay::surface
