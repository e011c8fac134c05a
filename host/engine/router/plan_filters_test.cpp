// Who is left out by what a request asks for.
#include <set>

#include <gmock/gmock.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using test::PlanTest;
using testing::HasSubstr;

class PlanFiltersTest : public PlanTest {
  protected:
    std::set<std::string> chosen(int calls = 30) {
        std::set<std::string> seen;
        for (int i = 0; i < calls; ++i) {
            plan();
            seen.insert(begin());
        }
        return seen;
    }
    void of_schema() {
        world.settings().pre_call_checks = true;
        schema = true;
    }
    using Set = std::set<std::string>;
};

TEST_F(PlanFiltersTest, who_is_not_known_to_take_a_schema_is_the_second_choice) {
    world.add("g", "takes");
    world.add("g", "lacks").schema = SchemaSupport::lacks;
    world.add("g", "refuses").schema = SchemaSupport::refuses;
    world.finish();
    EXPECT_EQ(chosen().size(), 3u) << "no schema is asked for";
    of_schema();
    EXPECT_EQ(chosen(), (Set{"start takes"}));
    std::string why;
    explain = &why;
    plan();
    begin();
    EXPECT_THAT(why, HasSubstr("g: without lacks, refuses: takes no schema for its answer"));
    EXPECT_THAT(why, HasSubstr("g: 1 of 3 -> takes"));
}

TEST_F(PlanFiltersTest, where_nobody_is_known_to_take_one_those_are_asked_that_may) {
    world.add("g", "lacks").schema = SchemaSupport::lacks;
    world.add("g", "refuses").schema = SchemaSupport::refuses;
    world.finish();
    of_schema();
    EXPECT_EQ(chosen(), (Set{"start lacks"}));
}

TEST_F(PlanFiltersTest, where_all_refuse_it_is_litellms_error_or_a_fallback) {
    Deployment& a = world.add("g", "a");
    Deployment& b = world.add("g", "b");
    a.schema = b.schema = SchemaSupport::refuses;
    world.add("h", "other");
    world.finish();
    of_schema();
    EXPECT_EQ(chosen(), (Set{"fail"}));
    plan();
    begin();
    const Error refused = plan_->take_error();
    EXPECT_EQ(refused.status(), 400);
    EXPECT_EQ(refused.cls, ErrorClass::unsupported);
    EXPECT_THAT(refused.message,
                HasSubstr("no deployment of model=g supports ['response_format']"));
    world.settings().fallbacks.general["g"] = {"h"};
    EXPECT_EQ(chosen(), (Set{"start other"}));
}

TEST_F(PlanFiltersTest, who_drops_the_parameter_or_is_to_be_sent_it_is_asked) {
    Deployment& a = world.add("g", "a");
    Deployment& b = world.add("g", "b");
    a.schema = b.schema = SchemaSupport::refuses;
    world.finish();
    of_schema();
    b.drop_params = true;
    EXPECT_EQ(chosen(), (Set{"start b"}));
    b.drop_params = false;
    a.allowed_params = "seed, response_format";
    EXPECT_EQ(chosen(), (Set{"start a"}));
    a.allowed_params.clear();
    a.dropped_params = {"response_format"};
    EXPECT_EQ(chosen(), (Set{"start a"}));
    a.dropped_params.clear();
    options.drop_params = true;
    EXPECT_EQ(chosen(), (Set{"start a", "start b"}));
    options.drop_params.reset();
    options.allowed_params = "response_format";
    EXPECT_EQ(chosen(), (Set{"start a", "start b"}));
}

TEST_F(PlanFiltersTest, pictures_are_shown_to_who_sees_them_while_somebody_does) {
    world.add("g", "sees");
    world.add("g", "blind").no_pictures = true;
    world.add("h", "h").no_pictures = true;
    world.finish();
    EXPECT_EQ(chosen().size(), 2u);
    picture = true;
    EXPECT_EQ(chosen(), (Set{"start sees"}));
    std::string why;
    explain = &why;
    plan();
    begin();
    EXPECT_THAT(why, HasSubstr("g: without blind: sees no pictures"));
    plan("h");
    EXPECT_EQ(begin(), "start h") << "its provider says no, if it must";
}

TEST_F(PlanFiltersTest, a_prompt_that_fits_where_no_schema_is_taken_is_too_long) {
    Deployment& small = world.add("g", "small");
    small.info.max_input_tokens = 1'000;
    Deployment& large = world.add("g", "large");
    large.schema = SchemaSupport::refuses;
    world.finish();
    of_schema();
    prompt_tokens = 5'000;
    EXPECT_EQ(chosen(), (Set{"fail"}));
    plan();
    begin();
    EXPECT_THAT(error(), HasSubstr("Max Input Tokens=1000, Got=5000"));
}

TEST_F(PlanFiltersTest, of_a_pattern_the_model_that_is_asked_for_counts) {
    Deployment& any = world.add("w", "any");
    any.model = any.group = "*";
    world.finish();
    ModelGroup wild = world.snapshot.groups.at("w");
    wild.name = "w/*";
    world.snapshot.groups.erase("w");
    world.snapshot.wildcards.push_back(wild);
    of_schema();
    any.info_given["supports_response_schema"] = false;
    plan("w/gpt-4o");
    EXPECT_EQ(begin(), "fail");
    any.info_given.clear();
    plan("w/gpt-4o");
    EXPECT_EQ(begin(), "start any");
}

TEST_F(PlanFiltersTest, who_is_left_out_is_explained) {
    world.settings().tag_filtering = world.settings().pre_call_checks = true;
    Deployment& paid = world.add("g", "paid");
    Deployment& free = world.add("g", "free");
    Deployment& small = world.add("g", "small");
    paid.tags = {"paid"};
    free.tags = small.tags = {"free"};
    small.info.max_input_tokens = 10;
    world.finish();
    options.tags = {"free"};
    prompt_tokens = 50;
    std::string why;
    explain = &why;
    plan();
    EXPECT_EQ(begin(), "start free");
    EXPECT_THAT(why, HasSubstr("g: without paid: not of these tags"));
    EXPECT_THAT(why, HasSubstr("g: without small: the prompt is too long"));
    options.tags.clear();
    world.settings().tag_filtering = false;
    paid.region = free.region = "eu";
    region = "eu";
    why.clear();
    plan();
    begin();
    EXPECT_THAT(why, HasSubstr("g: without small: not in the region"));
}

}  // namespace
}  // namespace patchbay
