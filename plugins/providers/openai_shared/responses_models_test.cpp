#include "responses_models.hpp"

#include <gtest/gtest.h>

#include "families.hpp"
#include "test_support.hpp"

namespace patchbay::openai {
namespace {

constexpr const char* kFunctions =
    R"("tools":[{"type":"function","function":{"name":"f","parameters":{}}}])";

struct ModelAsked {
    const char* model;
    std::string members;
    std::string base{};
    const char* provider = "openai";
};

bool by_responses(const ModelAsked& asked) {
    Dialect dialect;
    dialect.provider = asked.provider;
    dialect.operations.push_back({"responses"});
    Request request(R"({"model":"m","messages":[])" + asked.members + "}", asked.model, 0);
    request.target.base_url = bay::str(asked.base);
    return goes_by_responses(request.event, dialect);
}

TEST(GoesByResponses, FunctionsOfModelsThatReasonBesideThemElsewhere) {
    const auto functions = "," + std::string(kFunctions);
    const auto effort = [&](const char* word) {
        return functions + R"(,"reasoning_effort":)" + word;
    };
    for (const char* model : {"gpt-5.4", "gpt-5.6-sol", "gpt-5.10", "gpt-6-astra", "gpt-6.1-sol",
                              "ft:gpt-5.4:x", "openai/gpt-5.5"}) {
        EXPECT_TRUE(by_responses({model, functions})) << model;
        EXPECT_TRUE(by_responses({model, effort("\"low\"")})) << model;
        EXPECT_FALSE(by_responses({model, effort("\"none\"")})) << model;
        EXPECT_FALSE(by_responses({model, ""})) << model;
    }
    for (const char* model : {"gpt-5", "gpt-5.1", "gpt-5.3", "gpt-5-mini", "gpt-4o", "gpt-oss-20b",
                              "gpt-5.4-chat-latest", "gpt-5.4-search-api", "o3", "qwen-5.4", ""}) {
        EXPECT_FALSE(by_responses({model, effort("\"high\"")})) << model;
    }
}

TEST(GoesByResponses, OnlyIfTheRequestReasons) {
    const auto functions = "," + std::string(kFunctions);
    const auto effort = [&](const char* word) {
        return functions + R"(,"reasoning_effort":)" + word;
    };
    const char* const kModel = "gpt-5.4";
    EXPECT_TRUE(by_responses({kModel, effort(R"({"effort":"high"})")}));
    EXPECT_FALSE(by_responses({kModel, effort(R"({"effort":"none"})")}));
    EXPECT_TRUE(by_responses({kModel, effort("null")}));
    EXPECT_TRUE(by_responses({kModel, functions, "https://eu.api.openai.com/v1"}));
    // Others do not say what a model does unasked.
    EXPECT_FALSE(by_responses({kModel, functions, "http://localhost:1/v1"}));
    EXPECT_TRUE(by_responses({kModel, effort("\"low\""), "http://localhost:1/v1"}));
    EXPECT_FALSE(by_responses({kModel, functions, "https://r.openai.azure.com", "azure"}));
    EXPECT_TRUE(by_responses({kModel, effort("\"low\""), "https://r.openai.azure.com", "azure"}));
    EXPECT_FALSE(by_responses({kModel, effort("\"low\""), "", "openrouter"}));
}

TEST(GoesByResponses, NotForOtherTools) {
    EXPECT_FALSE(by_responses({"gpt-5.4", R"(,"tools":[])"}));
    EXPECT_FALSE(by_responses({"gpt-5.4", R"(,"tools":null)"}));
    EXPECT_FALSE(
        by_responses({"gpt-5.4", R"(,"tools":[{"type":"custom","custom":{"name":"f"}}])"}));
}

TEST(Families, Gpt6GoesOnFromGpt5) {
    for (const char* model : {"gpt-6-astra", "gpt-6.1-sol", "openai/gpt-6-luna"}) {
        EXPECT_EQ(family_of(model), Family::gpt5_1) << model;
    }
    for (const char* model : {"gpt-6-chat-latest", "gpt-oss-120b", "gpt-4.1", "gpt-"}) {
        EXPECT_EQ(family_of(model), Family::chat) << model;
    }
}

}  // namespace
}  // namespace patchbay::openai
