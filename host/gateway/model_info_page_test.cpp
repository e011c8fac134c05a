#include "gateway/model_info_page.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/server_fixture.hpp"

namespace patchbay::gateway {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

class ModelInfoPageTest : public testing::Test {
  protected:
    /// A deployment as a configuration makes it, with a price of so many nano-dollars a token.
    Deployment& add(const std::string& group, const std::string& id, std::int64_t in,
                    std::int64_t out) {
        auto made = std::make_unique<Deployment>();
        Deployment& d = *made;
        d.id = id;
        d.group = group;
        d.provider = "openai";
        d.model = "gpt-4o";
        d.configured = "openai/gpt-4o";
        d.api_base_shown = "http://upstream/v1";
        d.api_key = Secret("sk-up");
        d.params = R"({"aws_secret_access_key":"hidden"})";
        d.info = {"chat", 128'000, 16'384};
        meter::CardTerms terms;
        terms.rates = {
            {meter::Dimension::text_in, meter::Tier::standard, 0, rate(in), false},
            {meter::Dimension::text_in, meter::Tier::priority, 200'000, rate(2 * in), false},
            {meter::Dimension::text_out, meter::Tier::standard, 0, rate(out), false}};
        d.pricing.card = std::make_shared<meter::RateCard>(terms, 1);
        Snapshot& snapshot = *fixture.snapshot;
        snapshot.deployments.push_back(std::move(made));
        ModelGroup& named = snapshot.groups[group];
        named.name = group;
        named.deployments.push_back(&d);
        if (named.deployments.size() == 1) snapshot.listed.push_back(group);
        return d;
    }
    static meter::Atto rate(std::int64_t nano) { return meter::Atto{nano} * meter::kAttoPerNano; }
    json::array info(std::string_view query = {}) const {
        const auto page = model_info_page(*fixture.snapshot, query);
        EXPECT_TRUE(page);
        return json::parse(page->body).at("data").as_array();
    }
    std::string groups(std::string_view query = {}) const {
        return model_group_info_page(*fixture.snapshot, query).body;
    }

    test::ServerFixture fixture;
};

TEST_F(ModelInfoPageTest, tells_what_decides_on_a_call_and_what_it_costs) {
    Deployment& d = add("chat", "one", 2'500, 10'000);
    d.rpm = 10;
    d.tags = {"eu"};
    d.info_given = {{"access_groups", json::array{"beta"}}};
    d.model = "house";
    EXPECT_EQ(json::serialize(info().at(0)),
              R"({"model_name":"chat","litellm_params":{"model":"openai/gpt-4o",)"
              R"("api_base":"http://upstream/v1","rpm":10,"tags":["eu"]},)"
              R"("model_info":{"access_groups":["beta"],"id":"one","db_model":false,)"
              R"("litellm_provider":"openai","mode":"chat","max_input_tokens":128000,)"
              R"("max_output_tokens":16384,"max_tokens":16384,"input_cost_per_token":2.5E-6,)"
              R"("input_cost_per_token_above_200k_tokens_priority":5E-6,)"
              R"("output_cost_per_token":1E-5}})");
}

TEST_F(ModelInfoPageTest, tells_what_the_model_can_do_as_the_configuration_or_the_catalogue_says) {
    Deployment& d = add("chat", "one", 1, 1);
    d.info_given = {{"supports_vision", false}};
    const json::value told = info().at(0).at("model_info");
    EXPECT_EQ(told.at("key"), "gpt-4o");
    EXPECT_EQ(told.at("supports_function_calling"), true);
    EXPECT_EQ(told.at("supports_vision"), false);
    EXPECT_THAT(groups(), HasSubstr(R"("supports_vision":false)"));
    add("chat", "two", 1, 1);
    EXPECT_THAT(groups(), HasSubstr(R"("supports_vision":true)")) << "one of the group can";
}

TEST_F(ModelInfoPageTest, shows_no_secret) {
    add("chat", "one", 1, 1);
    const auto page = model_info_page(*fixture.snapshot, "");
    EXPECT_THAT(page->body, Not(HasSubstr("sk-up")));
    EXPECT_THAT(page->body, Not(HasSubstr("hidden")));
}

TEST_F(ModelInfoPageTest, one_deployment_by_its_id) {
    add("chat", "one", 1, 1);
    add("chat", "two", 1, 1);
    EXPECT_EQ(info().size(), 2U);
    EXPECT_EQ(info("litellm_model_id=two").at(0).at("model_info").at("id"), "two");
    const auto nobody = model_info_page(*fixture.snapshot, "litellm_model_id=three");
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().status(), 400);
    EXPECT_THAT(nobody.error().message, HasSubstr("three"));
}

TEST_F(ModelInfoPageTest, a_group_has_the_greatest_limits_and_prices_of_its_deployments) {
    Deployment& one = add("chat", "one", 2'500, 10'000);
    one.tpm = 5;
    one.itpm = 3;
    Deployment& other = add("chat", "two", 3'000, 9'000);
    one.model = other.model = "house";
    other.provider = "anthropic";
    other.info = {"chat", 200'000, 4'096};
    other.tpm = 7;
    other.itpm = 4;
    add("more", "three", 1, 1);
    EXPECT_THAT(
        groups("model_group=chat"),
        R"({"data":[{"model_group":"chat","providers":["openai","anthropic"],)"
        R"("max_input_tokens":200000,"max_output_tokens":16384,)"
        R"("input_cost_per_token":3e-06,"output_cost_per_token":1e-05,)"
        R"("mode":"chat","tpm":12,"rpm":null,"itpm":7,"otpm":null,"supports_parallel_function_calling":false,)"
        R"("supports_vision":false,"supports_web_search":false,"supports_url_context":false,)"
        R"("supports_reasoning":false,"supports_function_calling":false,)"
        R"("supports_fast_mode":false}]})");
    EXPECT_THAT(groups(), HasSubstr(R"("model_group":"more")"));
    EXPECT_EQ(groups("model_group=nobody"), R"({"data":[]})");
}

TEST_F(ModelInfoPageTest, a_pattern_is_a_group) {
    auto made = std::make_unique<Deployment>();
    made->provider = "groq";
    fixture.snapshot->wildcards.push_back(ModelGroup{"groq/*", {made.get()}});
    fixture.snapshot->listed.push_back("groq/*");
    EXPECT_THAT(groups(), HasSubstr(R"({"model_group":"groq/*","providers":["groq"])"));
    fixture.snapshot->wildcards.clear();
}

}  // namespace
}  // namespace patchbay::gateway
