#include "config/priority_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Of = PriorityShare::Of;

// litellm_settings with the limiter and these lines, in each of which what is told stands at 3.
std::string limiter(const std::string& lines) {
    return "litellm_settings:\n  callbacks: [dynamic_rate_limiter_v3]\n" + lines;
}

TEST(Priorities, are_read_in_all_their_forms) {
    const auto loaded = load(
        limiter("  priority_reservation:\n"
                "    prod: 0.5\n"
                "    dev: {type: percent, value: 0.125}\n"
                "    batch: {type: rpm, value: 5}\n"
                "    night: {value: \"100\", type: tpm}\n"
                "  priority_reservation_settings: {default_priority: 0, saturation_threshold: 0.8, "
                "saturation_check_cache_ttl: 5}\n"));
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& priorities = loaded.config->litellm.priorities;
    ASSERT_TRUE(priorities);
    EXPECT_EQ(priorities->default_share, 0);
    EXPECT_EQ(priorities->threshold, 0.8);
    ASSERT_EQ(priorities->shares.size(), 4u);
    const auto is = [&](std::size_t at, const char* name, Of of, double value) {
        const PriorityShare& share = priorities->shares[at];
        return share.priority == name && share.of == of && share.value == value;
    };
    EXPECT_TRUE(is(0, "prod", Of::percent, 0.5));
    EXPECT_TRUE(is(1, "dev", Of::percent, 0.125));
    EXPECT_TRUE(is(2, "batch", Of::rpm, 5));
    EXPECT_TRUE(is(3, "night", Of::tpm, 100));
    EXPECT_EQ(priorities->shares[1].place.text(), "c.yaml:5:5");
}

TEST(Priorities, the_limiter_alone_keeps_models_to_their_capacity) {
    for (const char* callbacks : {"[dynamic_rate_limiter_v3]", "dynamic_rate_limiter_v3"}) {
        const auto loaded = load("litellm_settings: {callbacks: " + std::string(callbacks) + "}");
        EXPECT_THAT(texts(loaded.problems), IsEmpty());
        ASSERT_TRUE(loaded.config && loaded.config->litellm.priorities);
        EXPECT_THAT(loaded.config->litellm.priorities->shares, IsEmpty());
        EXPECT_EQ(loaded.config->litellm.priorities->default_share, 0.25);
        EXPECT_EQ(loaded.config->litellm.priorities->threshold, 0.5);
        EXPECT_THAT(loaded.config->litellm.logging.callbacks, IsEmpty()) << "it is no sink";
    }
    EXPECT_FALSE(load("litellm_settings: {}").config->litellm.priorities);
}

TEST(Priorities, without_the_limiter_nothing_is_reserved_and_that_is_told) {
    const auto loaded = load("litellm_settings:\n  priority_reservation: {prod: 0.5}\n");
    ASSERT_TRUE(loaded.config);
    EXPECT_FALSE(loaded.config->litellm.priorities);
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre(AllOf(HasSubstr("c.yaml:2:3: warning: "
                                            "`litellm_settings.priority_reservation` reserves "
                                            "nothing without"),
                                  HasSubstr("load is not limited by it"))));
    EXPECT_THAT(problems_of("litellm_settings: {success_callback: [dynamic_rate_limiter_v3]}"),
                ElementsAre(HasSubstr("limits nothing there")));
    EXPECT_THAT(problems_of("litellm_settings: {callbacks: [dynamic_rate_limiter]}"),
                ElementsAre(HasSubstr("does what 'dynamic_rate_limiter_v3' does")));
}

TEST(Priorities, what_is_of_another_form_is_refused_with_its_place) {
    struct Row {
        const char *line, *told;
    };
    for (const Row& row : {
             Row{"  priority_reservation: {prod: much}",
                 "3:32: error: "
                 "`litellm_settings.priority_reservation.prod`: expected a number"},
             Row{"  priority_reservation: {prod: -0.5}", "3:32: error: "},
             Row{"  priority_reservation: {prod: }", "3:26: error: "},
             Row{"  priority_reservation: {prod: [1]}", "3:32: error: "},
             Row{"  priority_reservation: [prod]", "3:25: error: "},
             Row{"  priority_reservation: {\"\": 0.5}",
                 "3:26: error: "
                 "`litellm_settings.priority_reservation`: a priority has no name"},
             Row{"  priority_reservation: {prod: {type: rpd, value: 1}}",
                 "3:39: error: `litellm_settings.priority_reservation.prod.type`: expected "
                 "percent, "
                 "rpm or tpm"},
             Row{"  priority_reservation: {prod: {type: rpm}}", "it has no `value`"},
             Row{"  priority_reservation: {prod: {type: rpm, value: x}}", "3:51: error: "},
             Row{"  priority_reservation_settings: {default_priority: prod}",
                 "3:53: error: "
                 "`litellm_settings.priority_reservation_settings.default_priority`: expected"},
             Row{"  priority_reservation_settings: {default_priority: 25}", "3:53: error: "},
             Row{"  priority_reservation_settings: {saturation_threshold: 1.5}", "3:57: error: "},
             Row{"  priority_reservation_settings: {saturation_check_cache_ttl: x}", ": error: "},
             Row{"  priority_reservation_settings: 5", "3:34: error: "},
         }) {
        const auto loaded = load(limiter(row.line));
        EXPECT_FALSE(loaded.config) << row.line;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr(row.told))) << row.line;
    }
}

TEST(Priorities, what_cannot_be_meant_is_told_with_its_place) {
    struct Row {
        const char *line, *told;
    };
    for (const Row& row : {
             Row{"  priority_reservation: {prod: 90}\n",
                 "3:26: warning: `litellm_settings.priority_reservation.prod` is more than 1"},
             Row{"  priority_reservation: {prod: 0.6, dev: 0.8}\n",
                 "3:3: warning: `litellm_settings.priority_reservation`: the shares come to more "
                 "than 1"},
             Row{"  priority_reservation: {prod: 0.9, dev: 0.1}\n",
                 "so such keys may use what is reserved"},
             Row{"  priority_reservation: {prod: 0.5}\n"
                 "  default_key_generate_params: {metadata: {priority: pord}}\n",
                 "4:54: warning: "
                 "`litellm_settings.default_key_generate_params.metadata.priority` is none"},
             Row{"  priority_reservation: {prod: {value: 0.5, unit: x}}\n",
                 "3:45: warning: `litellm_settings.priority_reservation.prod.unit` is not a known "
                 "key"},
             Row{"  priority_reservation_settings: {default_prioritys: 0.5}\n", "default_priority"},
         }) {
        const auto loaded = load(limiter(row.line));
        EXPECT_TRUE(loaded.config && loaded.config->litellm.priorities) << row.line;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr(row.told))) << row.line;
    }
    EXPECT_THAT(
        problems_of(limiter("  priority_reservation: {prod: 0.7, dev: 0.2, night: 0.1}\n"
                            "  priority_reservation_settings: {default_priority: 0}\n"
                            "  default_key_generate_params: {metadata: {priority: dev}}\n")),
        IsEmpty());
}

}  // namespace
}  // namespace patchbay
