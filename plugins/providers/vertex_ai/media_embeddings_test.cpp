// SPDX-License-Identifier: Apache-2.0
#include "media_embeddings.hpp"

#include <gtest/gtest.h>

namespace patchbay::vertex_ai {
namespace {

TEST(EmbeddingFormOf, TheModelSays) {
    EXPECT_EQ(embedding_form("multimodalembedding@001"), EmbeddingForm::media);
    EXPECT_EQ(embedding_form("gemini-embedding-2-preview"), EmbeddingForm::content);
    EXPECT_EQ(embedding_form("gemini-embedding-001"), EmbeddingForm::texts);
    EXPECT_EQ(embedding_verb(EmbeddingForm::content), "embedContent");
    EXPECT_EQ(embedding_verb(EmbeddingForm::media), "predict");
}

TEST(MediaEmbeddings, AFileGoesWithTheTextBeforeIt) {
    const auto call = media_request(
        R"({"input":["h\u00e9","data:image/png;base64,AAAA","gs://b/v.mp4","x"],"dimensions":128})");
    ASSERT_TRUE(call);
    EXPECT_EQ(
        call->body,
        R"({"instances":[{"text":"hé","image":{"bytesBase64Encoded":"AAAA"}},)"
        R"({"video":{"gcsUri":"gs://b/v.mp4"}},{"text":"x"}],"parameters":{"dimension":128}})");
    EXPECT_EQ(call->inputs, 4u);
    EXPECT_EQ(call->characters, 3u);
    EXPECT_EQ(call->pictures, 1u);
    EXPECT_EQ(call->videos, 1u);
}

TEST(MediaEmbeddings, WhatIsNoInputIsRefusedWithItsPlace) {
    const auto refused = media_request(R"({"input":["a","data:image/png,raw"]})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().param, "input[1]");
    EXPECT_FALSE(media_request(R"({"input":[1]})"));
    EXPECT_FALSE(media_request(R"({"input":[]})"));
    EXPECT_FALSE(media_request("{}"));
    EXPECT_FALSE(media_request("[]"));
}

TEST(MediaEmbeddings, EachInputHasItsEmbedding) {
    EmbeddingsCall call;
    call.inputs = 2;
    call.characters = 5;
    call.pictures = 1;
    constexpr std::string_view kOne =
        R"({"predictions":[{"imageEmbedding":[0.2],"textEmbedding":[0.1]}]})";
    const auto answer = media_answer(kOne, "m", call);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->json,
              R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1]},)"
              R"({"object":"embedding","index":1,"embedding":[0.2]}],"model":"m","usage":)"
              R"({"prompt_tokens":0,"total_tokens":0,"prompt_tokens_details":{"character_count":5,)"
              R"("image_count":1,"video_length_seconds":0}}})");
    call.inputs = 3;
    EXPECT_FALSE(media_answer(kOne, "m", call));
    call.inputs = 1;
    EXPECT_FALSE(media_answer(kOne, "m", call));
    EXPECT_FALSE(media_answer("{}", "m", call));
}

TEST(MediaEmbeddings, AVideoHasOneForEachPart) {
    EmbeddingsCall call;
    call.inputs = 1;
    call.videos = 1;
    const auto answer = media_answer(
        R"({"predictions":[{"videoEmbeddings":[{"embedding":[1]},{"embedding":[2]}]}]})", "m",
        call);
    ASSERT_TRUE(answer);
    EXPECT_NE(answer->json.find(R"("index":1,"embedding":[2])"), std::string::npos);
    EXPECT_EQ(answer->json.find("video_length_seconds"), std::string::npos);
}

TEST(ContentEmbeddings, OneInputIsAsked) {
    const auto text = content_request(R"({"input":"a","dimensions":8,"task_type":"CLUSTERING"})");
    ASSERT_TRUE(text);
    EXPECT_EQ(
        text->body,
        R"({"content":{"parts":[{"text":"a"}]},"outputDimensionality":8,"taskType":"CLUSTERING"})");
    const auto file = content_request(R"({"input":["data:image/png;base64,AAAA"]})");
    ASSERT_TRUE(file);
    EXPECT_NE(file->body.find("image/png"), std::string::npos);
    EXPECT_FALSE(content_request(R"({"input":["a","b"]})"));
}

TEST(ContentEmbeddings, TheAnswerIsAList) {
    const auto answer = content_answer(
        R"({"embedding":{"values":[0.1]},"usageMetadata":{"promptTokenCount":3}})", "m");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->tokens, 3u);
    EXPECT_EQ(answer->json,
              R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1]}],)"
              R"("model":"m","usage":{"prompt_tokens":3,"total_tokens":3}})");
    EXPECT_FALSE(content_answer(R"({"embedding":{}})", "m"));
}

}  // namespace
}  // namespace patchbay::vertex_ai
