#include "app/reload_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lost(const Config& in_use, const Config& next) {
    std::vector<std::string> all;
    for (const Problem& problem : lost_locks(in_use, next, {"c.yaml", 0, 0})) {
        all.push_back(problem.text());
    }
    return all;
}

GuardrailConfig guardrail(const char* name, bool default_on) {
    GuardrailConfig made;
    made.guardrail_name = name;
    made.default_on = default_on;
    return made;
}

TEST(ReloadGuard, a_master_key_goes_only_with_a_restart) {
    Config in_use;
    in_use.general.master_key = Secret("sk-a");
    Config next;
    EXPECT_THAT(lost(in_use, next), ElementsAre(HasSubstr("c.yaml: error: the configuration in use "
                                                          "has a master key, this one has none")));
    EXPECT_THAT(lost(next, in_use), IsEmpty());
    next.general.master_key = Secret("sk-b");
    EXPECT_THAT(lost(in_use, next), IsEmpty());
}

TEST(ReloadGuard, the_last_guardrail_that_every_request_passes_goes_only_with_a_restart) {
    Config in_use;
    in_use.guardrails = {guardrail("a", true), guardrail("b", true), guardrail("c", false)};
    Config next;
    EXPECT_THAT(lost(in_use, next), ElementsAre(HasSubstr("error: every request passes the "
                                                          "guardrail 'a'"),
                                                HasSubstr("'b'")));
    next.guardrails = {guardrail("a", false)};
    EXPECT_THAT(lost(in_use, next), ElementsAre(HasSubstr("error"), HasSubstr("error")));
    next.guardrails = {guardrail("a", true)};
    EXPECT_THAT(lost(in_use, next), ElementsAre(HasSubstr("warning: every request passes the "
                                                          "guardrail 'b' no more")));
    EXPECT_THAT(lost(in_use, in_use), IsEmpty());
}

TEST(ReloadGuard, trust_goes_only_with_a_restart) {
    Config in_use;
    in_use.plugins.trust.pinned = true;
    EXPECT_THAT(lost(in_use, Config()), ElementsAre(HasSubstr("error")));
    Config next;
    next.plugins.trust.ed25519.push_back({"key", {}});
    EXPECT_THAT(lost(in_use, next), IsEmpty());
    EXPECT_THAT(lost(next, Config()), ElementsAre(HasSubstr("`plugins.trust`")));
}

TEST(ReloadGuard, texts_that_get_into_records_are_told) {
    Config in_use;
    in_use.litellm.logging.turn_off_message_logging = true;
    EXPECT_THAT(lost(in_use, Config()), ElementsAre(HasSubstr("warning")));
}

}  // namespace
}  // namespace patchbay::app
