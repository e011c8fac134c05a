// Conversations that both APIs can say are the same after a way through Gemini's and back.
#include "engine/surface/gemini/generate_answer.hpp"
#include "engine/surface/gemini/test_support.hpp"
#include "engine/surface/hub/sample_conversations.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

json::object user_content(json::object part) {
    return {{"role", "user"}, {"parts", json::array{std::move(part)}}};
}

/// What a client of Gemini's sends back: contents of the model are what it got for them.
json::array contents_of(const json::array& messages) {
    json::array contents;
    for (const auto& value : messages) {
        const auto& message = value.get_object();
        const auto role = text(message, "role");
        if (role == "assistant") {
            const json::object answer{
                {"choices", json::array{json::object{{"index", 0}, {"message", message}}}}};
            auto response = tree_of(generate_of_chat(json_tree::write(answer), {"m", {}, true}));
            contents.push_back(
                response.get_object()["candidates"].get_array()[0].get_object()["content"]);
        } else if (role == "tool") {
            contents.emplace_back(
                user_content({{"functionResponse",
                               {{"id", text(message, "tool_call_id")},
                                {"name", "f"},
                                {"response", {{"output", text(message, "content")}}}}}}));
        } else {
            contents.emplace_back(user_content({{"text", text(message, "content")}}));
        }
    }
    return contents;
}

TEST(GenerateRoundTrip, ConversationsComeBackAsTheyWere) {
    Conversations conversations(20261128);
    for (int round = 0; round < 300; ++round) {
        const auto messages = conversations.messages();
        const json::object request{{"contents", contents_of(messages)}};
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
