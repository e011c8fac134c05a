// Conversations that both APIs can say are the same after a way through Gemini's and back.
#include <random>

#include "engine/surface/gemini/generate_answer.hpp"
#include "engine/surface/gemini/test_support.hpp"
#include "engine/surface/hub/sample_answers.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

/// Makes chat messages, and the same as Gemini's contents.
class Conversations {
  public:
    explicit Conversations(unsigned seed) : random_(seed) {}

    json::array messages() {
        json::array made;
        calls_ = 0;
        const auto turns = 1 + pick(random_, 5);
        for (std::size_t turn = 0; turn < turns; ++turn) {
            made.emplace_back(json::object{{"role", "user"}, {"content", words()}});
            add_answer(made);
        }
        made.emplace_back(json::object{{"role", "user"}, {"content", words()}});
        return made;
    }

  private:
    std::string words() {
        static constexpr const char* kWords[] = {
            "Hello", "caf\xc3\xa9", "\xf0\x9f\x98\x80", "\"quoted\"\n", "{\"json\": 1}", " "};
        std::string made = "w";
        for (std::size_t i = pick(random_, 6); i > 0; --i) made += kWords[pick(random_, 6)];
        return made;
    }

    json::object arguments() {
        json::object made;
        if (pick(random_, 3) == 0) return made;
        made["text"] = words();
        made["n"] = json_tree::number_from("12345678901234567890123.50");
        made["list"] = json::array{1, nullptr, true, json::object{{"a", words()}}};
        return made;
    }

    void add_answer(json::array& made) {
        json::object answer{{"role", "assistant"}, {"content", nullptr}};
        const auto kind = pick(random_, 3);
        if (kind != 1) answer["content"] = words();
        if (pick(random_, 3) == 0) {
            const auto thought = words();
            answer["reasoning_content"] = thought;
            answer["thinking_blocks"] = json::array{
                json::object{{"type", "thinking"}, {"thinking", thought}, {"signature", words()}}};
        }
        if (kind == 0) return made.push_back(std::move(answer));
        json::array calls;
        json::array results;
        for (std::size_t i = 1 + pick(random_, 3); i > 0; --i) {
            const auto id = "call-" + std::to_string(++calls_);
            calls.emplace_back(json::object{
                {"id", id},
                {"type", "function"},
                {"function", {{"name", "f"}, {"arguments", json_tree::write(arguments())}}}});
            results.emplace_back(
                json::object{{"role", "tool"}, {"tool_call_id", id}, {"content", words()}});
        }
        answer["tool_calls"] = std::move(calls);
        made.push_back(std::move(answer));
        for (auto& result : results) made.push_back(std::move(result));
    }

    Random random_;
    int calls_ = 0;
};

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
