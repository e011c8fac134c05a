#include "engine/surface/prefix_keys.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/surface/surface.hpp"

namespace patchbay {
namespace {

class PrefixKeysTest : public testing::Test {
  protected:
    PrefixKeys of(const std::string& body, const Surface& surface = kChatSurface) {
        bodies.push_back(std::make_unique<std::string>(body));
        const Caller caller{.headers = headers};
        Ask ask;
        const auto refused = surface.read({*bodies.back(), {}, {}, caller}, ask);
        EXPECT_FALSE(refused) << (refused ? refused->message : "");
        return prefix_keys(ask, caller);
    }
    PrefixKeys chat(const std::string& messages, const std::string& more = {}) {
        return of(R"({"model":"m",)" + more + R"("messages":[)" + messages + "]}");
    }
    static std::string message(const std::string& role, const std::string& text) {
        return R"({"role":")" + role + R"(","content":")" + text + R"("})";
    }
    std::vector<http::Header> headers;
    std::vector<std::unique_ptr<std::string>> bodies;
};

TEST_F(PrefixKeysTest, the_next_turn_begins_with_the_last_one) {
    const std::string first = message("system", "be brief") + "," + message("user", "hello");
    const PrefixKeys one = chat(first);
    const PrefixKeys two =
        chat(first + "," + message("assistant", "hi") + "," + message("user", "more"));
    ASSERT_EQ(one.blocks.size(), 2u);
    ASSERT_EQ(two.blocks.size(), 4u);
    EXPECT_EQ(one.blocks[0].hash, two.blocks[0].hash);
    EXPECT_EQ(one.blocks[1].hash, two.blocks[1].hash);
    EXPECT_EQ(one.root, two.root);
    EXPECT_EQ(one.lead, 1u) << "the system prompt";
    const PrefixKeys other = chat(message("system", "be brief") + "," + message("user", "bye"));
    EXPECT_EQ(one.blocks[0].hash, other.blocks[0].hash);
    EXPECT_NE(one.blocks[1].hash, other.blocks[1].hash);
    EXPECT_NE(one.root, other.root);
}

TEST_F(PrefixKeysTest, tools_come_before_the_system_prompt_whatever_the_body_s_order) {
    const std::string messages = R"("messages":[)" + message("user", "x") + "]";
    const PrefixKeys one =
        of(R"({"model":"m","max_tokens":9,"system":"s","tools":[{"name":"t"}],)" + messages + "}",
           kMessagesSurface);
    const PrefixKeys two = of(
        R"({"tools":[{"name":"t"}],)" + messages + R"(,"system":"s","model":"n","max_tokens":8})",
        kMessagesSurface);
    ASSERT_EQ(one.blocks.size(), 3u);
    EXPECT_EQ(one.lead, 2u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(one.blocks[i].hash, two.blocks[i].hash) << i;
}

TEST_F(PrefixKeysTest, marks_wander_and_are_no_part_of_the_prompt) {
    const auto part = [](const std::string& text, bool marked) {
        return R"({"role":"user","content":[{"type":"text","text":")" + text + R"(")" +
               (marked ? R"(, "cache_control": {"type":"ephemeral","ttl":"1h"})" : "") + "}]}";
    };
    const PrefixKeys one = chat(part("a", true));
    const PrefixKeys two = chat(part("a", false) + "," + part("b", true) + "," + part("c", false));
    EXPECT_EQ(one.blocks[0].hash, two.blocks[0].hash);
    EXPECT_TRUE(one.blocks[0].marked);
    EXPECT_FALSE(two.blocks[0].marked);
    EXPECT_TRUE(two.blocks[1].marked);
    EXPECT_TRUE(two.blocks[0].before_mark) << "it is looked up from the mark behind it";
    EXPECT_TRUE(two.blocks[1].before_mark);
    EXPECT_FALSE(two.blocks[2].before_mark);
    const PrefixKeys first_in_object = chat(
        R"({"role":"user","content":[{"cache_control":{"type":"ephemeral"},"type":"text","text":"a"}]})");
    EXPECT_EQ(one.blocks[0].hash, first_in_object.blocks[0].hash);
}

TEST_F(PrefixKeysTest, a_mark_in_a_text_is_text) {
    const PrefixKeys keys = chat(message("user", R"(\"cache_control\": {} )"));
    EXPECT_FALSE(keys.blocks[0].marked);
}

TEST_F(PrefixKeysTest, a_mark_is_looked_back_from_as_far_as_providers_do) {
    std::string messages;
    for (int i = 0; i < 30; ++i) messages += message("user", std::to_string(i)) + ",";
    messages +=
        R"({"role":"user","content":[{"type":"text","text":"z","cache_control":{"type":"ephemeral"}}]})";
    const PrefixKeys keys = chat(messages);
    ASSERT_EQ(keys.blocks.size(), 31u);
    EXPECT_TRUE(keys.blocks[10].before_mark);
    EXPECT_FALSE(keys.blocks[9].before_mark);
}

TEST_F(PrefixKeysTest, bedrock_s_marks_stand_for_themselves) {
    const auto body = [](const std::string& mark) {
        return R"({"messages":[{"role":"user","content":[{"text":"a"})" + mark + "]}]}";
    };
    const Caller caller;
    const auto keys = [&](const std::string& text) {
        bodies.push_back(std::make_unique<std::string>(text));
        Ask ask;
        EXPECT_FALSE(kConverseSurface.read({*bodies.back(), {}, "m", caller}, ask));
        return prefix_keys(ask, caller);
    };
    const PrefixKeys marked = keys(body(R"(,{"cachePoint":{"type":"default"}})"));
    EXPECT_EQ(marked.blocks[0].hash, keys(body("")).blocks[0].hash);
    EXPECT_TRUE(marked.blocks[0].marked);
}

TEST_F(PrefixKeysTest, a_session_has_a_key_of_its_own) {
    const std::string turn = message("user", "x");
    const PrefixKeys by_key = chat(turn, R"("prompt_cache_key":"s1",)");
    EXPECT_NE(by_key.session, 0u);
    EXPECT_TRUE(by_key.blocks.empty());
    EXPECT_EQ(by_key.session, chat(message("user", "y"), R"("prompt_cache_key":"s1",)").session);
    EXPECT_EQ(by_key.session, chat(turn, R"("metadata":{"session_id":"s1"},)").session);
    EXPECT_EQ(by_key.session, chat(turn, R"("litellm_session_id":"s1",)").session);
    EXPECT_EQ(by_key.session,
              chat(turn, R"("metadata":{"user_id":"user_8f_account__session_s1"},)").session);
    EXPECT_NE(by_key.session, chat(turn, R"("prompt_cache_key":"s2",)").session);
    EXPECT_EQ(chat(turn, R"("metadata":{"user_id":"u"},)").session, 0u);
    headers.push_back({"X-LiteLLM-Session-Id", "s1"});
    EXPECT_EQ(by_key.session, chat(turn).session);
}

TEST_F(PrefixKeysTest, a_text_is_one_block) {
    const PrefixKeys keys =
        of(R"({"model":"m","instructions":"i","input":"what?"})", kResponsesSurface);
    EXPECT_EQ(keys.blocks.size(), 2u);
    EXPECT_EQ(keys.lead, 1u);
    EXPECT_EQ(keys.root, keys.blocks[1].hash);
}

}  // namespace
}  // namespace patchbay
