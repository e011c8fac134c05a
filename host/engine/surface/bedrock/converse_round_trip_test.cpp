// Conversations that both APIs can say are the same after a way through Converse and back.
#include "engine/surface/bedrock/converse_answer.hpp"
#include "engine/surface/bedrock/test_support.hpp"
#include "engine/surface/hub/sample_conversations.hpp"

namespace patchbay::surface {

namespace {

using namespace test;
using namespace test::converse;

json::object turn(std::string_view role, json::value content) {
    return {{"role", role}, {"content", std::move(content)}};
}

json::array one_block(std::string_view name, json::value value) {
    return json::array{json::object{{name, std::move(value)}}};
}

/// What a client of Converse sends back: turns of the model are what it got for them.
json::array turns_of(const json::array& messages) {
    json::array turns;
    for (const auto& value : messages) {
        const auto& message = value.get_object();
        const auto role = text(message, "role");
        if (role == "assistant") {
            const json::object answer{
                {"choices", json::array{json::object{{"index", 0}, {"message", message}}}}};
            auto said = tree_of(converse_of_chat(json_tree::write(answer), {}, 5));
            turns.push_back(said.at("output").at("message"));
        } else if (role == "tool") {
            turns.emplace_back(turn(
                "user",
                one_block("toolResult", {{"toolUseId", text(message, "tool_call_id")},
                                         {"content", one_block("text", message.at("content"))}})));
        } else {
            turns.emplace_back(turn("user", one_block("text", message.at("content"))));
        }
    }
    return turns;
}

TEST(ConverseRoundTrip, ConversationsComeBackAsTheyWere) {
    Conversations conversations(20261128);
    for (int round = 0; round < 300; ++round) {
        const auto messages = conversations.messages();
        const json::object request{{"messages", turns_of(messages)}};
        const auto chat = chat_of(json_tree::write(request));
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat->dropped, Dropped());
        ASSERT_EQ(tree_of(chat->json).get_object().at("messages"), json::value(messages))
            << chat_member(*chat, "messages") << "\n"
            << json_tree::write(messages);
        EXPECT_EQ(chat_of(json_tree::write(request))->json, chat->json);
    }
}

}  // namespace

}  // namespace patchbay::surface
