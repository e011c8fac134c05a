#include "gateway/models_page.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/server_fixture.hpp"

namespace patchbay::gateway {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ModelsPageTest : public testing::Test {
  protected:
    /// Adds a listed group with one deployment, as a configuration would.
    Deployment& add(const std::string& name, const std::string& provider,
                    const std::string& model) {
        auto made = std::make_unique<Deployment>();
        Deployment& d = *made;
        d.group = name;
        d.provider = provider;
        d.model = model;
        if (!d.is_pattern()) d.info = d.find_info(model);
        Snapshot& snapshot = *fixture.snapshot;
        snapshot.deployments.push_back(std::move(made));
        if (name.find('*') == std::string::npos) {
            ModelGroup& group = snapshot.groups[name];
            group.name = name;
            group.deployments.push_back(&d);
        } else {
            snapshot.wildcards.push_back(ModelGroup{name, {&d}});
        }
        if (std::find(snapshot.listed.begin(), snapshot.listed.end(), name) ==
            snapshot.listed.end()) {
            snapshot.listed.push_back(name);
        }
        return d;
    }
    std::vector<std::string> ids(std::string_view query = {}) const {
        const auto list =
            boost::json::parse(models_page(*fixture.snapshot, query).body).as_object();
        EXPECT_EQ(list.at("object").as_string(), "list");
        std::vector<std::string> found;
        for (const auto& item : list.at("data").as_array()) {
            const auto& model = item.as_object();
            EXPECT_EQ(model.at("object").as_string(), "model");
            EXPECT_TRUE(model.at("created").is_int64());
            EXPECT_TRUE(model.at("owned_by").is_string());
            found.emplace_back(model.at("id").as_string());
        }
        return found;
    }
    std::string list(ModelsOf words, std::string_view query = {}) const {
        return models_page(*fixture.snapshot, query, words).body;
    }
    std::string entry(std::string_view id) const {
        const auto page = model_page(*fixture.snapshot, id);
        return page ? page->body : std::to_string(page.error().status());
    }
    test::ServerFixture fixture;
};

TEST_F(ModelsPageTest, models_are_listed_in_the_files_order) {
    EXPECT_THAT(ids(), IsEmpty());
    add("b", "openai", "x");
    add("a", "openai", "y");
    add("quo\"te", "openai", "z");
    EXPECT_THAT(ids(), ElementsAre("b", "a", "quo\"te"));
}

TEST_F(ModelsPageTest, of_a_group_the_largest_limits_are_told) {
    add("chat", "openai", "gpt-4o");
    add("chat", "anthropic", "claude-sonnet-4-5");
    add("own", "openai", "house");
    EXPECT_EQ(entry("chat"),
              R"({"id":"chat","object":"model","created":1677610602,"owned_by":"openai",)"
              R"("mode":"chat","max_input_tokens":200000,"max_output_tokens":64000})");
    EXPECT_EQ(entry("own"),
              R"({"id":"own","object":"model","created":1677610602,"owned_by":"openai"})");
}

TEST_F(ModelsPageTest, a_pattern_is_listed_as_the_models_that_it_leads_to) {
    add("house/*", "openai", "*");
    add("g-*", "groq", "openai/gpt-oss-*");
    add("gone/*", "nobody", "*");
    EXPECT_THAT(ids(), Contains("house/gpt-4o"));
    EXPECT_THAT(ids(), Contains("g-120b"));
    EXPECT_THAT(ids(), Not(Contains(HasSubstr("*"))));
    EXPECT_THAT(ids(), Not(Contains(HasSubstr("1024-x-1024"))));
    EXPECT_THAT(ids(), Not(Contains(testing::StartsWith("gone/"))));
    for (const char* query : {"return_wildcard_routes=true", "x=1&return_wildcard_routes=True"}) {
        EXPECT_THAT(ids(query), Contains("house/*"));
        EXPECT_THAT(ids(query), Contains("gone/*"));
    }
    EXPECT_EQ(ids("return_wildcard_routes=false"), ids());
    EXPECT_THAT(entry("house/whisper-1"), HasSubstr(R"("mode":"audio_transcription")"));
    EXPECT_EQ(entry("house/nobody-knows"), "404");
    EXPECT_EQ(entry("house/*"), "404");
}

TEST_F(ModelsPageTest, a_star_of_one_provider_is_listed_under_the_providers_name) {
    add("*", "openai", "*");
    EXPECT_THAT(ids(), Contains("openai/gpt-4o"));
    EXPECT_THAT(ids(), Not(Contains("gpt-4o")));
}

// `model: "*"` is a deployment of each provider, under patterns that are not listed.
TEST_F(ModelsPageTest, a_star_of_every_provider_lists_none) {
    add("openai/*", "openai", "*");
    fixture.snapshot->listed = {"*"};
    EXPECT_THAT(ids(), IsEmpty());
    EXPECT_THAT(ids("return_wildcard_routes=true"), ElementsAre("*"));
}

TEST_F(ModelsPageTest, a_model_is_listed_once) {
    add("house/*", "openai", "*");
    add("house/gpt-4o", "openai", "house");
    const auto all = ids();
    EXPECT_EQ(std::count(all.begin(), all.end(), "house/gpt-4o"), 1);
    EXPECT_THAT(entry("house/gpt-4o"), Not(HasSubstr("\"mode\""))) << "the file goes before";
}

TEST_F(ModelsPageTest, a_client_of_anthropics_api_gets_its_list) {
    EXPECT_EQ(list(ModelsOf::anthropic),
              R"({"data":[],"has_more":false,"first_id":null,"last_id":null})");
    add("chat", "anthropic", "claude-sonnet-4-5");
    add("own", "openai", "house");
    EXPECT_EQ(
        list(ModelsOf::anthropic),
        R"({"data":[{"type":"model","id":"chat","display_name":"chat",)"
        R"("created_at":"2023-02-28T18:56:42Z","max_input_tokens":200000,"max_tokens":64000},)"
        R"({"type":"model","id":"own","display_name":"own",)"
        R"("created_at":"2023-02-28T18:56:42Z","max_input_tokens":null,"max_tokens":null}],)"
        R"("has_more":false,"first_id":"chat","last_id":"own"})");
}

TEST_F(ModelsPageTest, a_client_of_googles_api_gets_its_list) {
    add("chat", "openai", "gpt-4o");
    add("vectors", "openai", "text-embedding-3-small");
    EXPECT_EQ(list(ModelsOf::google),
              R"({"models":[{"name":"models/chat","displayName":"chat","inputTokenLimit":128000,)"
              R"("outputTokenLimit":16384,)"
              R"("supportedGenerationMethods":["generateContent","countTokens"]},)"
              R"({"name":"models/vectors","displayName":"vectors","inputTokenLimit":8191,)"
              R"("supportedGenerationMethods":[]}]})");
}

TEST_F(ModelsPageTest, fallbacks_are_told_to_who_asks_for_metadata) {
    add("a", "openai", "x");
    add("b", "openai", "y");
    fixture.snapshot->config.router.routing.fallbacks.general["a"] = {"b"};
    EXPECT_THAT(list(ModelsOf::openai, "include_metadata=true"),
                HasSubstr(R"("metadata":{"fallbacks":["b"]})"));
    EXPECT_THAT(list(ModelsOf::openai, "include_metadata=true"),
                HasSubstr(R"("metadata":{"fallbacks":[]})"));
    EXPECT_THAT(list(ModelsOf::openai), Not(HasSubstr("metadata")));
}

}  // namespace
}  // namespace patchbay::gateway
