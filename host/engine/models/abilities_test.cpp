#include "engine/models/abilities.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/models/catalogue.hpp"

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

boost::json::object supported(std::string_view info, std::string_view provider,
                              std::string_view model) {
    return supported_by(boost::json::parse(info).get_object(), provider, model);
}

TEST(Abilities, are_those_of_the_very_name) {
    EXPECT_THAT(abilities_of("gpt-4o"), HasSubstr("function_calling"));
    EXPECT_THAT(abilities_of("gpt-4o"), HasSubstr("vision"));
    EXPECT_THAT(abilities_of("gpt-3.5-turbo"), Not(HasSubstr("vision")));
    for (const char* none : {"", "gpt", "gpt-4o ", "vision", "function_calling", "no-such-model"}) {
        EXPECT_THAT(abilities_of(none), IsEmpty()) << none;
    }
}

TEST(Abilities, every_model_of_the_table_is_found_where_it_stands) {
    CatalogueRows rows;
    std::size_t able = 0;
    while (const auto row = rows.next()) able += abilities_of(row->name).empty() ? 0 : 1;
    EXPECT_GT(able, 1500u);
}

TEST(Abilities, of_an_answer_by_a_schema) {
    const auto support = [](std::string_view info, std::string_view model) {
        return schema_support(boost::json::parse(info).get_object(), "openai", model);
    };
    EXPECT_EQ(support("{}", "gpt-4o"), SchemaSupport::takes);
    EXPECT_EQ(support("{}", "gpt-3.5-turbo"), SchemaSupport::lacks);
    EXPECT_EQ(support("{}", "no-such-model"), SchemaSupport::takes) << "nobody knows";
    EXPECT_EQ(support(R"({"base_model":"gpt-3.5-turbo"})", "mine"), SchemaSupport::lacks);
    EXPECT_EQ(support(R"({"supports_response_schema":false})", "gpt-4o"), SchemaSupport::refuses);
    EXPECT_EQ(support(R"({"supports_response_schema":true})", "gpt-3.5-turbo"),
              SchemaSupport::takes);
    EXPECT_EQ(support(R"({"supports_response_schema":"no"})", "gpt-4o"), SchemaSupport::takes);
}

TEST(Abilities, what_the_configuration_says_goes_before_what_is_known) {
    const auto known = supported("{}", "openai", "gpt-4o");
    EXPECT_TRUE(known.at("supports_vision").as_bool());
    const auto given = supported(R"({"supports_vision":false,"supports_magic":true,"mode":"chat"})",
                                 "openai", "gpt-4o");
    EXPECT_FALSE(given.at("supports_vision").as_bool());
    EXPECT_TRUE(given.at("supports_magic").as_bool());
    EXPECT_TRUE(given.at("supports_function_calling").as_bool());
    EXPECT_FALSE(given.contains("mode"));
    EXPECT_TRUE(
        supported(R"({"base_model":"azure/gpt-4o"})", "azure", "mine").contains("supports_vision"));
    EXPECT_TRUE(supported("{}", "openai", "house").empty());
}

}  // namespace
}  // namespace patchbay
