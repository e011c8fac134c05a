// SPDX-License-Identifier: Apache-2.0
// Embeddings, and Claude by way of InvokeModel.
#include <gtest/gtest.h>

#include "claude_exchange.hpp"
#include "embeddings.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {
namespace {

TEST(BedrockEmbeddings, EveryFamilyIsAskedInItsForm) {
    const struct {
        const char* name;
        const char* client;
        std::vector<const char*> bodies;
    } cases[] = {
        {"amazon.titan-embed-text-v2:0",
         R"({"input":["a","b"],"dimensions":256,"encoding_format":"base64"})",
         {R"({"inputText":"a","dimensions":256})", R"({"inputText":"b","dimensions":256})"}},
        {"amazon.titan-embed-text-v2:0",
         R"({"input":"a","encoding_format":"float"})",
         {R"({"inputText":"a","embeddingTypes":["float"]})"}},
        {"amazon.titan-embed-text-v1",
         R"({"input":"a","encoding_format":"float"})",
         {R"({"inputText":"a"})"}},
        {"amazon.titan-embed-image-v1",
         R"({"input":["data:image/png;base64,AAAA","a"],"dimensions":256})",
         {R"({"inputImage":"AAAA","embeddingConfig":{"outputEmbeddingLength":256}})",
          R"({"inputText":"a","embeddingConfig":{"outputEmbeddingLength":256}})"}},
        {"cohere.embed-english-v3",
         R"({"input":["a","b"],"input_type":"search_query"})",
         {R"({"input_type":"search_query","texts":["a","b"]})"}},
        {"amazon.nova-2-multimodal-embeddings-v1:0",
         R"({"input":"a","dimensions":256})",
         {R"({"schemaVersion":"nova-multimodal-embed-v1","taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":
             {"embeddingPurpose":"GENERIC_INDEX","embeddingDimension":256,"text":{"value":"a","truncationMode":"END"}}})"}},
        {"twelvelabs.marengo-embed-2-7-v1:0",
         R"({"input":"a"})",
         {R"({"inputType":"text","inputText":"a","textTruncate":"end"})"}},
    };
    for (const auto& [name, client, bodies] : cases) {
        const auto call = embeddings_request(client, name);
        ASSERT_TRUE(call) << name;
        ASSERT_EQ(call->bodies.size(), bodies.size());
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            EXPECT_EQ(json::parse(call->bodies[i]), json::parse(bodies[i])) << name;
        }
    }
}

TEST(BedrockEmbeddings, WhatCannotBeEmbeddedIsRefused) {
    for (const char* client :
         {"[]", "{}", R"({"input":[]})", R"({"input":[1,2]})", R"({"input":[[1]]})"}) {
        const auto call = embeddings_request(client, "amazon.titan-embed-text-v2:0");
        ASSERT_FALSE(call) << client;
        EXPECT_EQ(call.error().cls, BAY_ERR_BAD_REQUEST);
    }
    EXPECT_EQ(embeddings_request(R"({"input":"a"})", "meta.llama3").error().cls,
              BAY_ERR_UNSUPPORTED);
    std::string many = R"({"input":["a")";
    for (std::size_t i = 0; i < kMostTexts; ++i) many += R"(,"a")";
    EXPECT_FALSE(embeddings_request(many + "]}", "amazon.titan-embed-text-v2:0"));
    EXPECT_TRUE(embeddings_request(many + "]}", "cohere.embed-english-v3"));
}

TEST(BedrockEmbeddings, AnswersAddUp) {
    const struct {
        const char* name;
        const char* answer;
        std::size_t vectors;
        std::uint64_t tokens;
    } cases[] = {
        {"amazon.titan-embed-text-v2:0", R"({"embedding":[0.1,0.2],"inputTextTokenCount":2})", 1,
         2},
        {"cohere.embed-english-v3", R"({"embeddings":[[0.1],[0.2]]})", 2, 7},
        {"cohere.embed-v4:0", R"({"embeddings":{"float":[[0.1],[0.2]]}})", 2, 7},
        {"amazon.nova-2-multimodal-embeddings-v1:0", R"({"embeddings":[{"embedding":[0.1]}]})", 1,
         7},
        {"twelvelabs.marengo-embed-2-7-v1:0", R"({"data":[{"embedding":[0.1]}]})", 1, 7},
    };
    for (const auto& [name, told, vectors, tokens] : cases) {
        const auto call = embeddings_request(R"({"input":"a"})", name);
        EmbeddingsAnswer answer;
        ASSERT_TRUE(add_embeddings(told, *call->form, 7, answer)) << name;
        ASSERT_TRUE(add_embeddings(told, *call->form, 7, answer));
        EXPECT_EQ(answer.data.size(), 2 * vectors);
        EXPECT_EQ(answer.data.back().at("index"), 2 * vectors - 1);
        EXPECT_EQ(answer.tokens, 2 * tokens) << name;
        for (const char* other : {"", "[]", "{}", R"({"embedding":1,"embeddings":[],"data":[]})"}) {
            if (std::string_view(name).starts_with("cohere") && *other == '{' && other[1] == '"')
                continue;
            EXPECT_FALSE(add_embeddings(other, *call->form, 0, answer)) << name << other;
        }
    }
}

TEST(BedrockClaude, TheBodyHasTheVersionAndTheFeatures) {
    anthropic::Betas betas;
    betas.add("a");
    EXPECT_EQ(
        json::parse(
            claude_call(R"({"model":"m","stream":true,"max_tokens":1,"messages":[]})", betas).body),
        json::parse(
            R"({"max_tokens":1,"messages":[],"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["a"]})"));
}

TEST(BedrockClaude, AChunkHoldsBase64) {
    EXPECT_EQ(chunk_bytes(R"({"bytes":"eyJhIjoxfQ==","p":"x"})"), R"({"a":1})");
    for (const char* other : {"", "{}", R"({"bytes":1})", R"({"bytes":"*"})"})
        EXPECT_FALSE(chunk_bytes(other)) << other;
}

}  // namespace
}  // namespace patchbay::bedrock
