// What a deployment is for, and who is told that it is for something else.
#include "engine/models/known_mode.hpp"
#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using test::SnapshotTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SnapshotTest, what_no_route_calls_is_told_where_its_mode_is_known_from) {
    const std::string mode = entry("v", "keyless/own") + "    model_info: {mode: ocr}\n";
    const auto snapshot =
        build(list({entry("chat", "openai/gpt-4o", {"api_key: k"}), mode,
                    entry("ears", "openai/whisper-1", {"api_key: k"}),
                    entry("vectors", "openai/text-embedding-3-small", {"api_key: k"}),
                    entry("live", "openai/gpt-realtime", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(
        texts(),
        ElementsAre(
            "c.yaml:9:24: warning: model 'keyless/own': no route for OCR yet: only "
            "chat, realtime, text completions, responses, embeddings, images, speech, moderations "
            "and reranking can be called",
            "c.yaml:12:14: warning: model 'openai/whisper-1': no route for transcriptions "
            "yet: only chat, realtime, text completions, responses, embeddings, images, speech, "
            "moderations and reranking can be called"));
    const auto refused = [&](std::string_view model, const Operation& operation) -> std::string {
        const auto route = resolve_model(*snapshot, model, "/p");
        const auto error = wrong_use(*route, operation, nullptr, model, "/p");
        if (!error) return "no";
        EXPECT_EQ(error->status(), 400);
        return error->message;
    };
    EXPECT_EQ(refused("chat", kChatCompletions), "no");
    EXPECT_EQ(refused("chat", kRealtime), "no");
    EXPECT_EQ(refused("live", kRealtime), "no");
    EXPECT_EQ(refused("v", kChatCompletions),
              "/p: Model v is for OCR, not for chat; the gateway has no route for OCR yet.");
    EXPECT_EQ(refused("vectors", kChatCompletions),
              "/p: Model vectors is for embeddings, not for chat.");
    EXPECT_EQ(refused("vectors", kEmbeddings), "no");
    EXPECT_EQ(refused("live", kChatCompletions), "/p: Model live is for realtime, not for chat.");
    EXPECT_THAT(refused("ears", kRealtime), HasSubstr("not for realtime"));
}

TEST_F(SnapshotTest, what_draws_and_counts_tokens_is_for_conversations_too) {
    const auto known = [](const char* mode, std::int64_t most) {
        const ModelMode* found = known_mode(ModelInfo{mode, 0, most});
        return found ? std::string(found->name) : "";
    };
    EXPECT_EQ(known("image_generation", 0), "image_generation");
    EXPECT_EQ(known("image_generation", 32768), "");
    EXPECT_EQ(known("audio_speech", 16384), "");
    EXPECT_EQ(known("embedding", 8192), "embedding");
    EXPECT_EQ(known("nobody_has_it", 0), "");
    const std::string drawing = entry("draws", "openai/own", {"api_key: k"}) +
                                "    model_info: {mode: image_generation, max_output_tokens: 9}\n";
    const std::string only_draws = entry("paints", "openai/other", {"api_key: k"}) +
                                   "    model_info: {mode: image_generation}\n";
    const auto snapshot = build(list({drawing, only_draws}));
    ASSERT_TRUE(snapshot);
    const auto refused = [&](std::string_view model, const Operation& operation) {
        const auto route = resolve_model(*snapshot, model, "/p");
        return wrong_use(*route, operation, nullptr, model, "/p").has_value();
    };
    EXPECT_FALSE(refused("draws", kChatCompletions));
    EXPECT_TRUE(refused("paints", kChatCompletions));
}

TEST_F(SnapshotTest, a_wildcards_model_is_judged_when_it_is_asked_for) {
    const auto snapshot = build(list({entry("house/*", "openai/*", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const auto refused = [&](std::string_view model) {
        const auto route = resolve_model(*snapshot, model, "/p");
        return wrong_use(*route, kChatCompletions, nullptr, model, "/p").has_value();
    };
    EXPECT_TRUE(refused("house/whisper-1"));
    EXPECT_TRUE(refused("house/o1-pro")) << "responses";
    EXPECT_FALSE(refused("house/gpt-4o"));
    EXPECT_FALSE(refused("house/nobody-knows"));
}

TEST_F(SnapshotTest, another_gateway_may_answer_chat_for_a_model_of_responses) {
    const std::string said =
        entry("said", "openai/o1-pro", {"api_key: k", "api_base: http://h/v1"}) +
        "    model_info: {mode: responses}\n";
    const auto snapshot = build(
        list({entry("own", "openai/o1-pro", {"api_key: k"}),
              entry("other", "openai/o1-pro", {"api_key: k", "api_base: http://h/v1"}), said}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "own").info.mode, "responses");
    EXPECT_EQ(only(*snapshot, "other").info.mode, "");
    EXPECT_EQ(only(*snapshot, "said").info.mode, "responses");
}

TEST_F(SnapshotTest, a_deployment_that_no_route_calls_is_not_picked_beside_others) {
    const auto snapshot = build(list({entry("mixed", "openai/gpt-4o", {"api_key: k"}),
                                      entry("mixed", "openai/whisper-1", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "mixed").model, "gpt-4o");
}

TEST_F(SnapshotTest, a_deployment_for_another_use_is_no_candidate) {
    const auto snapshot =
        build(list({entry("mixed", "openai/gpt-4o", {"api_key: k"}),
                    entry("mixed", "openai/text-embedding-3-small", {"api_key: k"})}));
    ASSERT_TRUE(snapshot);
    const auto route = resolve_model(*snapshot, "mixed", "/p");
    const LaneSet asked = route->group->tables->asked(kChatCompletions.bit);
    EXPECT_EQ(asked.count(), 1u);
    EXPECT_EQ(route->group->deployments.at(asked.nth(0))->model, "gpt-4o");
}

}  // namespace
}  // namespace patchbay
