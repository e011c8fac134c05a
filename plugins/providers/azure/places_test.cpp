#include "places.hpp"

#include <gtest/gtest.h>

#include "openai_shared/pass_operation.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/operations.h"

namespace patchbay::azure {
namespace {

constexpr const char* kChat = BAY_OP_CHAT_COMPLETIONS;

std::string path_of(std::string_view operation) {
    const auto* row = openai::find_pass_operation(operation);
    return std::string(row != nullptr ? row->path : "/realtime");
}

struct Case {
    const char* base;
    const char* operation;
    const char* version;
    const char* url;
};

TEST(AzureOpenAi, WhateverAnOperatorWritesIsFound) {
    constexpr Case kCases[] = {
        {"https://r.openai.azure.com", kChat, "2024-10-21",
         "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/"
         "completions?api-version=2024-10-21"},
        {"https://r.openai.azure.com//", kChat, "2024-10-21",
         "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/"
         "completions?api-version=2024-10-21"},
        {"https://r.openai.azure.com/openai", kChat, "2024-10-21",
         "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/"
         "completions?api-version=2024-10-21"},
        {"https://gate/azure", kChat, "2024-10-21",
         "https://gate/azure/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21"},
        {"https://r/openai/deployments/x", kChat, "2024-10-21",
         "https://r/openai/deployments/x/chat/completions?api-version=2024-10-21"},
        {"https://r/openai/deployments/x/chat/completions?api-version=2024-06-01", kChat,
         "2024-10-21", "https://r/openai/deployments/x/chat/completions?api-version=2024-06-01"},
        {"https://r/openai/deployments/x/chat/completions?api-version=2024-06-01",
         BAY_OP_EMBEDDINGS, "2024-10-21",
         "https://r/openai/deployments/x/embeddings?api-version=2024-06-01"},
        {"https://r?subscription=1", kChat, "2024-10-21",
         "https://r/openai/deployments/my%20gpt/chat/"
         "completions?subscription=1&api-version=2024-10-21"},
        {"https://r/openai/v1/", kChat, "2024-10-21", "https://r/openai/v1/chat/completions"},
        {"https://r/openai/v1/chat/completions", kChat, "2024-10-21",
         "https://r/openai/v1/chat/completions"},
        {"https://r", kChat, "v1", "https://r/openai/v1/chat/completions"},
        {"https://r", kChat, "latest", "https://r/openai/v1/chat/completions"},
        {"https://r", kChat, "preview", "https://r/openai/v1/chat/completions?api-version=preview"},
        {"https://r", BAY_OP_RESPONSES, "2025-04-01-preview",
         "https://r/openai/responses?api-version=2025-04-01-preview"},
        {"https://r", BAY_OP_RESPONSES, "2024-10-21", "https://r/openai/v1/responses"},
        {"https://r/openai/responses?api-version=2025-04-01-preview", BAY_OP_RESPONSES,
         "2024-10-21", "https://r/openai/responses?api-version=2025-04-01-preview"},
        {"https://r/openai/deployments/x", BAY_OP_RESPONSES, "2025-04-01-preview",
         "https://r/openai/responses?api-version=2025-04-01-preview"},
        {"https://r", BAY_OP_RESPONSES_GET, "2025-04-01-preview",
         "https://r/openai/responses/{response_id}?api-version=2025-04-01-preview"},
        {"https://r", BAY_OP_AUDIO_SPEECH, "2024-10-21",
         "https://r/openai/deployments/my%20gpt/audio/speech?api-version=2024-10-21"},
        {"https://r", BAY_OP_REALTIME, "2024-10-01-preview",
         "https://r/openai/realtime?api-version=2024-10-01-preview&deployment=my%20gpt"},
        {"https://r", BAY_OP_REALTIME, "v1", "https://r/openai/v1/realtime"},
        {"", kChat, "2024-10-21", ""},
    };
    for (const Case& one : kCases) {
        const Place place = azure_openai(one.base, one.operation, "my gpt", one.version);
        EXPECT_EQ(openai::operation_url(place.address, path_of(one.operation)), one.url)
            << one.base;
        const bool by_version = std::string_view(one.version).find("20") == std::string_view::npos;
        const bool bearer = by_version && one.operation == std::string_view(kChat);
        EXPECT_EQ(place.key, bearer ? KeyHeader::bearer : KeyHeader::api_key) << one.url;
    }
}

TEST(AzureOpenAi, TheAddressNamesTheModelButInTheV1ApiAndTheResponsesApi) {
    EXPECT_TRUE(azure_openai("https://r", kChat, "m", "2024-10-21").names_model);
    EXPECT_FALSE(azure_openai("https://r", kChat, "m", "v1").names_model);
    EXPECT_FALSE(
        azure_openai("https://r", BAY_OP_RESPONSES, "m", "2025-04-01-preview").names_model);
}

TEST(AzureOpenAi, UsageOfAStreamIsAskedForWhereTheVersionKnowsHow) {
    constexpr std::pair<const char*, bool> kVersions[] = {
        {"2023-05-15", false},        {"2024-06-01", false}, {"2024-08-01-preview", false},
        {"2024-09-01-preview", true}, {"2024-10-21", true},  {"v1", true},
    };
    for (const auto& [version, knows] : kVersions) {
        EXPECT_EQ(azure_openai("https://r", kChat, "m", version).tells_usage, knows) << version;
    }
    const std::string old = "https://r/openai/deployments/x?api-version=2024-02-01";
    EXPECT_FALSE(azure_openai(old, kChat, "m", "2024-10-21").tells_usage);
    EXPECT_FALSE(azure_ai("https://r/models", kChat, "m", "").tells_usage);
    EXPECT_FALSE(azure_ai("https://m.models.ai.azure.com", kChat, "m", "").tells_usage);
    EXPECT_TRUE(azure_ai("https://r/openai/v1", kChat, "m", "").tells_usage);
}

TEST(AzureAi, WhateverAnOperatorWritesIsFound) {
    constexpr auto kApiKey = KeyHeader::api_key;
    constexpr auto kBoth = KeyHeader::both;
    constexpr auto kBearer = KeyHeader::bearer;
    const struct {
        Case one;
        KeyHeader key;
    } cases[] = {
        {{"https://r.services.ai.azure.com", kChat, "",
          "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"},
         kBoth},
        {{"https://r.services.ai.azure.com/", BAY_OP_EMBEDDINGS, "2025-04-01-preview",
          "https://r.services.ai.azure.com/models/embeddings?api-version=2025-04-01-preview"},
         kBoth},
        {{"https://gate/models", kChat, "", "https://gate/models/chat/completions"}, kBoth},
        {{"https://gate/models", kChat, "2024-05-01-preview",
          "https://gate/models/chat/completions?api-version=2024-05-01-preview"},
         kBoth},
        {{"https://gate/foundry", kChat, "", "https://gate/foundry/models/chat/completions"},
         kBoth},
        {{"https://gate/v1", kChat, "", "https://gate/v1/chat/completions"}, kBearer},
        {{"https://r/models/chat/completions?api-version=2024-05-01-preview", kChat, "x",
          "https://r/models/chat/completions?api-version=2024-05-01-preview"},
         kBoth},
        {{"https://r/models/chat/completions?api-version=2024-05-01-preview", BAY_OP_EMBEDDINGS, "",
          "https://r/models/embeddings?api-version=2024-05-01-preview"},
         kBoth},
        {{"https://r.services.ai.azure.com/openai/v1", kChat, "",
          "https://r.services.ai.azure.com/openai/v1/chat/completions"},
         kApiKey},
        {{"https://r.openai.azure.com", kChat, "",
          "https://r.openai.azure.com/openai/v1/chat/completions"},
         kApiKey},
        {{"https://r/openai/deployments/x", kChat, "",
          "https://r/openai/deployments/x/chat/completions?api-version=2025-02-01-preview"},
         kApiKey},
        {{"https://m.eastus2.models.ai.azure.com", kChat, "",
          "https://m.eastus2.models.ai.azure.com/chat/completions"},
         kBearer},
        {{"https://m.eastus2.models.ai.azure.com/v1", kChat, "2024-05-01-preview",
          "https://m.eastus2.models.ai.azure.com/v1/chat/"
          "completions?api-version=2024-05-01-preview"},
         kBearer},
        {{"https://r.services.ai.azure.com", BAY_OP_RERANK, "",
          "https://r.services.ai.azure.com/v1/rerank"},
         kBearer},
        {{"https://m.models.ai.azure.com/v1/rerank", BAY_OP_RERANK, "",
          "https://m.models.ai.azure.com/v1/rerank"},
         kBearer},
        {{"https://r.services.ai.azure.com", BAY_OP_IMAGES_GENERATE, "",
          "https://r.services.ai.azure.com/openai/deployments/m%20x/images/generations?"
          "api-version=2025-04-01-preview"},
         kApiKey},
        {{"", kChat, "", ""}, kApiKey},
    };
    for (const auto& [one, key] : cases) {
        const Place place = azure_ai(one.base, one.operation, "m x", one.version);
        EXPECT_EQ(openai::operation_url(place.address, path_of(one.operation)), one.url)
            << one.base;
        EXPECT_EQ(place.key, key) << one.base;
    }
}

TEST(AzureAi, PicturesHaveAnAddressBesideTheTexts) {
    constexpr std::pair<const char*, const char*> kBases[] = {
        {"https://r.services.ai.azure.com",
         "https://r.services.ai.azure.com/models/images/embeddings?api-version=2024-05-01-preview"},
        {"https://r/models?api-version=x", "https://r/models/images/embeddings?api-version=x"},
        {"https://m.models.ai.azure.com", "https://m.models.ai.azure.com/images/embeddings"},
    };
    for (const auto& [base, url] : kBases) {
        const Place place = for_pictures(azure_ai(base, BAY_OP_EMBEDDINGS, "m", ""));
        EXPECT_EQ(openai::operation_url(place.address, "/embeddings"), url) << base;
    }
}

TEST(AzureAi, ClaudeIsAskedAtTheSameResource) {
    constexpr std::pair<const char*, const char*> kBases[] = {
        {"https://r.services.ai.azure.com",
         "https://r.services.ai.azure.com/anthropic/v1/messages"},
        {"https://r/anthropic", "https://r/anthropic/v1/messages"},
        {"https://r/anthropic/v1/messages", "https://r/anthropic/v1/messages"},
        {"https://r/models?api-version=x", "https://r/anthropic/v1/messages"},
        {"https://gate/azure/", "https://gate/azure/anthropic/v1/messages"},
        {"", ""},
    };
    for (const auto& [base, url] : kBases) EXPECT_EQ(claude_url(base), url) << base;
}

}  // namespace
}  // namespace patchbay::azure
