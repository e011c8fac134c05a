#include "engine/call/health_question.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "config/health_settings.hpp"

namespace patchbay {
namespace {

namespace json = boost::json;

class HealthQuestionTest : public testing::Test {
  protected:
    HealthQuestionTest() {
        d.id = "one";
        d.provider = "openai";
        d.model = d.configured = "my-own";
        d.info.mode = "chat";
    }
    json::object asked() {
        d.health = std::make_shared<const ModelHealth>(health);
        const auto question = health_question(d);
        EXPECT_TRUE(question);
        if (!question) return {};
        surface = question->surface;
        model = question->model;
        return json::parse(question->body).get_object();
    }

    Deployment d;
    ModelHealth health;
    const Surface* surface = nullptr;
    std::string model;
};

TEST_F(HealthQuestionTest, each_mode_has_its_shortest_question) {
    struct Row {
        const char* mode;
        const Surface* surface;
        const char* member;
        const char* tokens;
    };
    for (const Row& row : {Row{"chat", &kChatSurface, "messages", "max_tokens"},
                           Row{"", &kChatSurface, "messages", "max_tokens"},
                           Row{"responses", &kResponsesSurface, "input", "max_output_tokens"},
                           Row{"completion", &kCompletionsSurface, "prompt", "max_tokens"},
                           Row{"embedding", &kEmbeddingsSurface, "input", nullptr},
                           Row{"rerank", &kRerankSurface, "documents", nullptr},
                           Row{"audio_speech", &kSpeechSurface, "voice", nullptr}}) {
        d.info.mode = row.mode;
        const json::object body = asked();
        EXPECT_EQ(surface, row.surface) << row.mode;
        EXPECT_TRUE(body.contains(row.member)) << row.mode;
        EXPECT_EQ(body.at("model"), "one") << row.mode;
        EXPECT_EQ(body.at("timeout").to_number<double>(), 60) << row.mode;
        EXPECT_EQ(body.at("num_retries"), 0) << row.mode;
        EXPECT_EQ(body.at("disable_fallbacks"), true) << row.mode;
        if (row.tokens) {
            EXPECT_EQ(body.at(row.tokens), 16) << row.mode;
        } else {
            EXPECT_FALSE(body.contains("max_tokens")) << row.mode;
        }
    }
    d.info.mode = "image_generation";
    EXPECT_FALSE(health_question(d)) << "nobody asks for a picture cheaply";
}

TEST_F(HealthQuestionTest, model_info_says_how) {
    health.timeout = std::chrono::milliseconds(1500);
    health.max_tokens_reasoning = 100;
    health.max_tokens_non_reasoning = 5;
    health.reasoning_effort = "none";
    health.params = {{"temperature", 1}, {"messages", "never"}};
    json::object body = asked();
    EXPECT_EQ(body.at("timeout").to_number<double>(), 1.5);
    EXPECT_EQ(body.at("max_tokens"), 5);
    EXPECT_EQ(body.at("reasoning_effort"), "none");
    EXPECT_EQ(body.at("temperature"), 1);
    EXPECT_TRUE(body.at("messages").is_array()) << "what the mode needs goes first";
    d.info_given["supports_reasoning"] = true;
    EXPECT_EQ(asked().at("max_tokens"), 100);
    health.max_tokens = 3;
    EXPECT_EQ(asked().at("max_tokens"), 3);
    health.supports_max_tokens = false;
    EXPECT_FALSE(asked().contains("max_tokens"));
    d.info.mode = "audio_speech";
    health.voice = "nova";
    body = asked();
    EXPECT_EQ(body.at("voice"), "nova");
    EXPECT_FALSE(body.contains("reasoning_effort"));
}

TEST_F(HealthQuestionTest, a_pattern_is_asked_for_the_model_that_is_named) {
    d.model = d.configured = "*";
    d.configured = "openai/*";
    EXPECT_FALSE(health_question(d));
    health.model = "openai/gpt-4o";
    asked();
    EXPECT_EQ(model, "gpt-4o") << "as its provider calls it";
    health.model = "text-embedding-3-small";
    asked();
    EXPECT_EQ(surface, &kEmbeddingsSurface) << "the mode is the named model's";
    d.configured = "*";
    health.model = "anthropic/claude-sonnet-4-5";
    d.health = std::make_shared<const ModelHealth>(health);
    EXPECT_FALSE(health_question(d)) << "the deployment of any provider, here OpenAI's";
}

TEST_F(HealthQuestionTest, another_model_may_stand_in) {
    health.model = "my-small";
    asked();
    EXPECT_EQ(model, "my-small");
    health.model = "openai/my-own";
    asked();
    EXPECT_EQ(model, "") << "it is the deployment's own";
}

}  // namespace
}  // namespace patchbay
