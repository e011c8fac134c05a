#include "engine/models/catalogue.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/models/embedded.hpp"

namespace patchbay {
namespace {

ModelInfo info_of(std::string_view json, std::string_view provider, std::string_view model) {
    return model_info_of(boost::json::parse(json).get_object(), provider, model);
}

TEST(Catalogue, has_the_columns_that_are_read) {
    EXPECT_TRUE(embedded_models().starts_with(
        "name\tprovider\tmode\tmax_input_tokens\tmax_output_tokens\n"));
    EXPECT_TRUE(embedded_models().ends_with('\n'));
    EXPECT_TRUE(embedded_providers().ends_with('\n'));
}

// Halving the text finds a row only if the rows are in the order of the search.
TEST(Catalogue, every_row_is_found_by_its_name) {
    CatalogueRows rows;
    std::size_t count = 0;
    while (const auto row = rows.next()) {
        ++count;
        const auto found = find_model(row->name);
        ASSERT_TRUE(found) << row->name;
        EXPECT_EQ(found->name.data(), row->name.data()) << row->name;
        EXPECT_TRUE(is_known_provider(row->provider)) << row->provider;
    }
    EXPECT_GT(count, 4000u);
}

TEST(Catalogue, tells_a_models_provider_use_and_limits) {
    const auto chat = find_model("gpt-4o");
    ASSERT_TRUE(chat);
    EXPECT_EQ(chat->provider, "openai");
    EXPECT_EQ(chat->mode, "chat");
    EXPECT_EQ(chat->max_input_tokens, 128000);
    EXPECT_EQ(chat->max_output_tokens, 16384);
    const auto ears = find_model("whisper-1");
    ASSERT_TRUE(ears);
    EXPECT_EQ(ears->mode, "audio_transcription");
    EXPECT_EQ(ears->max_input_tokens, 0);
}

TEST(Catalogue, names_a_provider_by_its_prefix) {
    EXPECT_EQ(find_model("gemini-2.5-flash")->provider, "vertex_ai");
}

TEST(Catalogue, knows_no_other_names) {
    for (const char* name : {"", "gpt-4", "gpt-4o\t", "zzzz", "0", "house-model-7b", "name"}) {
        const auto found = find_model(name);
        EXPECT_TRUE(!found || found->name == name) << name;
    }
    EXPECT_FALSE(find_model("house-model-7b"));
    EXPECT_FALSE(find_model("name"));
}

TEST(Catalogue, finds_a_providers_model_in_LiteLLMs_ways) {
    const auto name_of = [](std::string_view provider, std::string_view model) {
        const auto found = find_model(provider, model);
        return found ? std::string(found->name) : std::string();
    };
    EXPECT_EQ(name_of("openai", "gpt-4o"), "gpt-4o");
    EXPECT_EQ(name_of("openai", "GPT-4o"), "gpt-4o");
    EXPECT_EQ(name_of("anthropic", "claude-sonnet-4-5-20250929"), "claude-sonnet-4-5-20250929");
    EXPECT_EQ(name_of("azure", "gpt-4o"), "azure/gpt-4o");
    EXPECT_EQ(name_of("azure", "azure/gpt-4o"), "azure/gpt-4o");
    EXPECT_EQ(name_of("openai", "ft:gpt-4o-2024-08-06:house:name:id"), "ft:gpt-4o-2024-08-06");
    EXPECT_EQ(name_of("openai", "responses/gpt-4o"), "gpt-4o");
    EXPECT_EQ(name_of("fireworks_ai", "deepseek-v3"),
              "fireworks_ai/accounts/fireworks/models/deepseek-v3");
    EXPECT_EQ(name_of("fireworks_ai", "glm-5p1"), "fireworks_ai/glm-5p1");
    EXPECT_EQ(name_of("fireworks_ai", "mine/deepseek-v3"), "");
    EXPECT_EQ(name_of("bedrock", "us-east-1/anthropic.claude-3-5-sonnet-20240620-v1:0"),
              "anthropic.claude-3-5-sonnet-20240620-v1:0");
    EXPECT_EQ(name_of("litellm_proxy", "gpt-4o"), "gpt-4o");
    EXPECT_EQ(name_of("openai", "gpt-3.5-turbo-instruct"), "gpt-3.5-turbo-instruct");
    EXPECT_EQ(name_of("hosted_vllm", "gpt-4o"), "") << "another provider's model of this name";
    EXPECT_EQ(name_of("openai", "*"), "");
}

TEST(Catalogue, what_the_file_says_of_a_model_goes_before) {
    EXPECT_EQ(info_of("{}", "anthropic", "claude-opus-4-6").max_output_tokens, 128000);
    const auto given = info_of(R"({"mode":"responses","max_input_tokens":5,"max_output_tokens":7})",
                               "openai", "gpt-4o");
    EXPECT_EQ(given.mode, "responses");
    EXPECT_EQ(given.max_input_tokens, 5);
    EXPECT_EQ(given.max_output_tokens, 7);
    EXPECT_EQ(info_of(R"({"max_tokens":9})", "openai", "gpt-4o").max_output_tokens, 16384);
    EXPECT_EQ(info_of(R"({"max_tokens":9})", "openai", "house").max_output_tokens, 9);
    const auto wrong =
        info_of(R"({"mode":3,"max_input_tokens":"x","max_output_tokens":-1})", "openai", "house");
    EXPECT_TRUE(wrong.empty());
}

TEST(Catalogue, a_base_model_is_looked_up_in_place_of_the_models_own_name) {
    EXPECT_EQ(info_of(R"({"base_model":"azure/gpt-4o"})", "azure", "ours").max_output_tokens,
              16384);
    EXPECT_EQ(info_of(R"({"base_model":"gpt-4o"})", "custom_openai", "ours").mode, "chat");
}

TEST(Catalogue, tells_makers_of_models_from_providers) {
    EXPECT_TRUE(is_model_maker("mistralai"));
    EXPECT_TRUE(is_model_maker("meta-llama"));
    EXPECT_FALSE(is_model_maker("opena"));
    EXPECT_FALSE(is_model_maker(""));
}

TEST(Catalogue, suggests_a_provider_for_a_slip) {
    EXPECT_EQ(nearest_provider("opena"), "openai");
    EXPECT_EQ(nearest_provider("antropic"), "anthropic");
    EXPECT_EQ(nearest_provider("OpenAI"), "openai");
    EXPECT_EQ(nearest_provider("my-very-own"), "");
    EXPECT_TRUE(is_known_provider("azure"));
    EXPECT_FALSE(is_known_provider("opena"));
    EXPECT_FALSE(is_known_provider(""));
}

}  // namespace
}  // namespace patchbay
