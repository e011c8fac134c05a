// SPDX-License-Identifier: Apache-2.0
// Deployments and embeddings.
#include <gtest/gtest.h>

#include "deployment.hpp"
#include "embeddings.hpp"
#include "google/json.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::vertex_ai {
namespace {

namespace json = boost::json;

struct Place {
    const char* model;
    const char* base;
    const char* params;
    const char* url;
};

TEST(Address, IsOfTheModelAndItsPlace) {
    constexpr Place kPlaces[] = {
        {"gemini-2.5-flash", "", R"({"vertex_project":"p"})",
         "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
         "publishers/google/models/gemini-2.5-flash:m"},
        {"gemini-2.5-flash", "https://aiplatform.googleapis.com",
         R"({"vertex_ai_project":"p","vertex_ai_location":"europe-west1"})",
         "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/"
         "publishers/google/models/gemini-2.5-flash:m"},
        {"gemini-2.5-flash", "", R"({"vertex_ai_project":"p","vertex_ai_location":"global"})",
         "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/"
         "models/"
         "gemini-2.5-flash:m"},
        {"gemini/4965", "", R"({"vertex_project":"p","vertex_location":"europe-west4"})",
         "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/"
         "endpoints/4965:m"},
        {"gemini-2.5-flash", "http://gw/", R"({"vertex_project":"p/../q","vertex_location":"eu"})",
         "http://gw/v1/projects/p%2F..%2Fq/locations/eu/publishers/google/models/"
         "gemini-2.5-flash:m"},
        {"gemini-2.5-flash", "", R"({"vertex_project":"p","vertex_location":"eu"})",
         "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/google/"
         "models/gemini-2.5-flash:m"},
        {"mistral-small-2503@001", "", R"({"vertex_project":"p"})",
         "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
         "publishers/mistralai/models/mistral-small-2503@001:m"},
        {"claude-sonnet-4-5@20250929", "", R"({"vertex_project":"p"})",
         "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
         "publishers/anthropic/models/claude-sonnet-4-5@20250929:m"},
        {"jamba-1.5-large@001", "", R"({"vertex_project":"p"})",
         "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/"
         "publishers/ai21/models/jamba-1.5-large@001:m"},
        {"meta/llama-4", "", R"({"vertex_project":"p"})",
         "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
         "endpoints/openapim"},
    };
    for (const auto& place : kPlaces) {
        bay_target target{};
        target.model = bay::str(place.model);
        target.base_url = bay::str(place.base);
        target.params = bay::str(place.params);
        target.api_key = bay::str("token");
        const auto deployment = Deployment::of(target, Shared());
        ASSERT_TRUE(deployment) << place.url;
        EXPECT_EQ(deployment->url("m"), place.url);
    }
}

TEST(Deployment, NeedsAProject) {
    bay_target target{};
    target.model = bay::str("gemini-2.5-flash");
    target.api_key = bay::str("token");
    const auto none = Deployment::of(target, Shared());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().cls, std::uint32_t{BAY_ERR_BAD_REQUEST});
    Shared shared;
    shared.project = "p";
    EXPECT_TRUE(Deployment::of(target, shared));
}

TEST(Deployment, SaysNothingOfCredentialsThatAreNone) {
    for (const auto* text : {"/secret/path.json", R"({"type":"other","private_key":"secret"})",
                             R"({"type":"service_account","private_key":"secret"})"}) {
        const auto read = google::Credentials::read(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().cls, std::uint32_t{BAY_ERR_AUTH});
        EXPECT_EQ(read.error().message.find("secret"), std::string::npos);
    }
}

TEST(Access, IsByKeyOrByToken) {
    EXPECT_EQ(google::access_by_key("AIza-1").header(), "x-goog-api-key");
    EXPECT_EQ(google::access_by_key("AIza-1").value(), "AIza-1");
    EXPECT_EQ(google::access_by_key("ya29.1").header(), "authorization");
    EXPECT_EQ(google::access_by_key("ya29.1").value(), "Bearer ya29.1");
}

TEST(Embeddings, AreAskedForInInstances) {
    const auto call = embeddings_request(
        R"({"input":["a","b"],"dimensions":2,"task_type":"T","auto_truncate":true})");
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({
        "instances":[{"content":"a","task_type":"T"},{"content":"b","task_type":"T"}],
        "parameters":{"outputDimensionality":2,"task_type":"T","auto_truncate":true}})"));
    EXPECT_FALSE(embeddings_request(R"({"input":[1]})"));
    const auto answer = embeddings_answer(
        R"({"predictions":[{"embeddings":{"values":[0.1],"statistics":{"token_count":3}}},
            {"embeddings":{"values":[0.2],"statistics":{"token_count":4}}}]})",
        "m", 2);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->tokens, 7u);
    EXPECT_EQ(json::parse(answer->json).at("data").at(1), json::parse(R"(
        {"object":"embedding","index":1,"embedding":[0.2]})"));
    EXPECT_FALSE(embeddings_answer("{}", "m", 0));
}

}  // namespace
}  // namespace patchbay::vertex_ai
