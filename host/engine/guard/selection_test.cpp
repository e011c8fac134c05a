#include "engine/guard/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay::guard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SelectionTest : public testing::Test {
  protected:
    GuardrailConfig& add(const std::string& name, unsigned modes, bool default_on = false) {
        auto made = std::make_unique<Guardrail>();
        made->config.guardrail_name = name;
        made->config.modes = modes;
        made->config.default_on = default_on;
        GuardrailConfig& config = made->config;
        all_.push_back(std::move(made));
        return config;
    }
    /// Names and modes of what is selected, or the error's message.
    std::vector<std::string> selected(const std::string& members,
                                      std::vector<std::string> required = {}, double random = 0) {
        body_ = R"({"model":"m","messages":[])" + (members.empty() ? "" : "," + members) + "}";
        const auto scan = scan_request(body_, kMessagesForm);
        EXPECT_TRUE(scan);
        auto found = select(all_, {scan->members.data(), scan->members.size()}, required, random);
        if (!found) return {found.error().message};
        std::vector<std::string> lines;
        for (const Selected& one : *found) {
            lines.push_back(one.guardrail->config.guardrail_name + " " + std::to_string(one.modes) +
                            (one.params == "{}" ? "" : " " + one.params));
        }
        return lines;
    }

    std::vector<std::unique_ptr<const Guardrail>> all_;
    std::string body_;
};

TEST_F(SelectionTest, those_that_are_on_by_default_and_those_that_are_named) {
    add("on", kPreCall, true);
    add("off", kPreCall | kPostCall);
    add("log", kLoggingOnly);
    EXPECT_THAT(selected(""), ElementsAre("on 1", "log 8"));
    EXPECT_THAT(selected(R"("guardrails":["off"])"), ElementsAre("on 1", "off 5", "log 8"));
    EXPECT_THAT(selected(R"("metadata":{"guardrails":["off"]})"),
                ElementsAre("on 1", "off 5", "log 8"));
    EXPECT_THAT(selected("", {"off"}), ElementsAre("on 1", "off 5", "log 8"));
}

TEST_F(SelectionTest, a_request_may_give_settings) {
    add("off", kPreCall);
    EXPECT_THAT(selected(R"("guardrails":[{"off":{"extra_body":{"x":1}}}])"),
                ElementsAre(R"(off 1 {"x":1})"));
    EXPECT_THAT(selected(R"("guardrails":{"off":{"extra_body":{"x":1}}})"),
                ElementsAre(R"(off 1 {"x":1})"));
}

TEST_F(SelectionTest, an_unknown_name_is_refused) {
    EXPECT_THAT(selected(R"("guardrails":["nope"])"),
                ElementsAre("Guardrail 'nope' is not configured on this gateway."));
    EXPECT_THAT(selected(R"("guardrails":7)"),
                ElementsAre("'guardrails' must be a list of names."));
    EXPECT_THAT(selected(R"("guardrails":null)"), IsEmpty());
}

TEST_F(SelectionTest, policies_are_refused_for_there_are_none) {
    add("on", kPreCall, true);
    for (const char* members : {R"("policies":["strict"])", R"("policies":"strict")",
                                R"("metadata":{"policies":["strict"]})",
                                R"("litellm_metadata":{"policies":["strict"]})"}) {
        const auto found = selected(members);
        ASSERT_EQ(found.size(), 1u) << members;
        EXPECT_THAT(found.front(), testing::HasSubstr("There are no policies")) << members;
    }
    EXPECT_THAT(selected(R"("policies":[],"metadata":{"policies":null})"), ElementsAre("on 1"));
}

TEST_F(SelectionTest, modes_may_depend_on_tags) {
    GuardrailConfig& config = add("tagged", kPreCall, true);
    config.modes_by_tag["strict"] = kPostCall;
    EXPECT_THAT(selected(""), ElementsAre("tagged 1"));
    EXPECT_THAT(selected(R"("metadata":{"tags":["strict"]})"), ElementsAre("tagged 4"));
}

TEST_F(SelectionTest, entries_of_one_name_share_the_work_by_weight) {
    add("same", kPreCall, true).weight = 1;
    add("same", kPostCall, true).weight = 3;
    EXPECT_THAT(selected("", {}, 0.2), ElementsAre("same 1"));
    EXPECT_THAT(selected("", {}, 0.3), ElementsAre("same 4"));
}

TEST_F(SelectionTest, half_a_surrogate_pair_beside_a_name_loses_nothing) {
    add("off", kPreCall);
    EXPECT_THAT(selected(R"("metadata":{"note":"\ud83d","guardrails":["off"]})"),
                ElementsAre("off 1"));
    EXPECT_THAT(selected(R"("guardrails":{"off":{"extra_body":{"a":"\ud83d","n":1e400}}})"),
                ElementsAre("off 1 {\"a\":\"\uFFFD\",\"n\":1e400}"));
    EXPECT_THAT(selected(R"("guardrails":["o\ud83d"])"),
                ElementsAre("Guardrail 'o\uFFFD' is not configured on this gateway."));
}

}  // namespace
}  // namespace patchbay::guard
