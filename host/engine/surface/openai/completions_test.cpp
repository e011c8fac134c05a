#include "engine/surface/hub/sample_answers.hpp"
#include "engine/surface/hub/test_support.hpp"
#include "engine/surface/openai/completions_answer.hpp"
#include "engine/surface/openai/completions_request.hpp"

namespace patchbay::surface {

namespace {

using test::tidy;
using test::tree_of;

struct CompletionCase {
    const char* completion;
    const char* chat;
    bool echoes = false;
};

TEST(ChatOfCompletion, says_the_same) {
    const CompletionCase cases[] = {
        {R"({"model":"m","prompt":"Hi","max_tokens":5,"stop":["x"],"n":2,"seed":1,"user":"u","x":[]})",
         R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":5,"stop":["x"],"n":2,"seed":1,"user":"u","x":[]})"},
        {R"({"model":"m","prompt":["Hi"],"suffix":null,"echo":false,"best_of":1,"logit_bias":{}})",
         R"({"model":"m","messages":[{"role":"user","content":"Hi"}]})"},
        {R"({"model":"m","prompt":"Hi","echo":true,"logprobs":2})",
         R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"logprobs":true,"top_logprobs":2})",
         true},
        {R"({"model":"m","prompt":"Hi","logprobs":0,"stream":true,"stream_options":{"include_usage":false}})",
         R"({"model":"m","messages":[{"role":"user","content":"Hi"}],"logprobs":true,"stream":true,"stream_options":{"include_usage":true}})"},
    };
    for (const CompletionCase& c : cases) {
        const auto chat = chat_of_completion(c.completion);
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(chat->json, tidy(c.chat));
        EXPECT_EQ(chat->echoes, c.echoes);
        EXPECT_EQ(chat->prompt, "Hi");
    }
}

TEST(ChatOfCompletion, refuses_what_only_a_completing_model_can_do) {
    const struct {
        const char* members;
        const char* param;
        bool droppable = false;
    } cases[] = {
        {R"("prompt":["a","b"])", "prompt"},
        {R"("prompt":[1,2])", "prompt"},
        {R"("prompt":[[1],[2]])", "prompt"},
        {R"("prompt":[[1]])", "prompt"},
        {R"("prompt":[])", "prompt"},
        {R"("prompt":7)", "prompt"},
        {R"("x":1)", "prompt"},
        {R"("prompt":"a","suffix":"b")", "suffix"},
        {R"("prompt":"a","best_of":2)", "best_of"},
        {R"("prompt":"a","echo":1)", "echo"},
        {R"("prompt":"a","logprobs":true)", "logprobs"},
        {R"("prompt":"a","logit_bias":{"5":1})", "logit_bias", true},
    };
    for (const auto& c : cases) {
        const std::string body = R"({"model":"m",)" + std::string(c.members) + "}";
        const auto chat = chat_of_completion(body);
        ASSERT_FALSE(chat) << body;
        EXPECT_EQ(chat.error().param, c.param);
        EXPECT_EQ(chat.error().status(), 400);
        EXPECT_EQ(chat_of_completion(body, true).has_value(), c.droppable) << body;
    }
}

constexpr std::string_view kChoices =
    R"([{"index":0,"message":{"content":"caf\u00e9"},"finish_reason":"stop","logprobs":{"content":[)"
    R"({"token":"caf\u00e9","logprob":-0.5,"top_logprobs":[{"token":"t","logprob":-0.50}]},)"
    R"({"token":"!","logprob":-1}]}},{"index":1,"message":{"content":"b"},"finish_reason":"length"}])";

TEST(CompletionOfChat, tells_the_texts_of_all_choices) {
    const std::string answer = R"({"id":"chatcmpl-1","created":7,"model":"up","choices":)" +
                               std::string(kChoices) + R"(,"usage":{"prompt_tokens":1}})";
    EXPECT_EQ(
        completion_of_chat(answer, {.model = "m", .echo = "Say ", .include_usage = false}),
        tidy(
            R"({"id":"chatcmpl-1","object":"text_completion","created":7,"model":"m","choices":[{"text":"Say caf\u00e9","index":0,"logprobs":{"tokens":["caf\u00e9","!"],"token_logprobs":[-0.5,-1],"top_logprobs":[{"t":-0.50},{}],"text_offset":[4,8]},"finish_reason":"stop"},{"text":"Say b","index":1,"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":1}})"));
}

TEST(CompletionStream, tells_the_same_as_the_whole_answer) {
    test::Random random(20261128);
    for (const auto& sample : test::kSampleAnswers) {
        SCOPED_TRACE(sample.what);
        const CompletionRequest request{.model = "m", .echo = "Say ", .include_usage = true};
        const auto answer = test::answer_of(sample.message, sample.finish_reason, sample.more);
        const auto whole = tree_of(completion_of_chat(json_tree::write(answer), request));
        const auto& expected = whole.get_object().at("choices").get_array()[0].get_object();
        std::string words;
        std::string reason;
        int usages = 0;
        const EmitEvent emit = [&](std::string_view, std::string_view json) {
            const auto tree = tree_of(json);
            const auto& chunk = tree.get_object();
            usages += chunk.contains("usage");
            for (const auto& value : chunk.at("choices").get_array()) {
                json_tree::join(words, text(value.get_object(), "text"));
                const auto told = text(value.get_object(), "finish_reason");
                if (!told.empty()) reason = told;
            }
        };
        struct Stream : CompletionStream {
            using CompletionStream::CompletionStream;
            void end(const EmitEvent&) {}
        } stream(request);
        test::stream_answer(answer, random, stream, emit);
        EXPECT_EQ(words, text(expected, "text"));
        EXPECT_EQ(reason, text(expected, "finish_reason"));
        EXPECT_EQ(usages, 1);
    }
}

}  // namespace

}  // namespace patchbay::surface
