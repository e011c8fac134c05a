#include "parameter_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Set {
    bool thinks;
};

Verdict cool(const json::value& value, const Set& set) {
    return set.thinks && json_tree::number(value) > 1.0 ? Verdict::refuse : Verdict::keep;
}

Verdict alone(const json::value&, const Set& set) {
    return set.thinks ? Verdict::mend : Verdict::keep;
}

constexpr std::array kRules{
    ParameterRule<Set>{"audio", never},
    ParameterRule<Set>{"n", unless_one},
    ParameterRule<Set>{"seed", unless_zero},
    ParameterRule<Set>{"logit_bias", unless_empty},
    ParameterRule<Set>{"store", unless_false},
    ParameterRule<Set>{"modalities", unless_text},
    ParameterRule<Set>{"top_p", alone},
    ParameterRule<Set>{"temperature", cool, "at most 1", [](json::value& value) { value = 1; }},
};

struct Outcome {
    std::string left;  ///< or the error
    std::vector<std::string> dropped;
};

Outcome settled(std::string_view client, Leniency leniency) {
    leniency.provider = "demo";
    leniency.model = "m";
    auto parsed = parse_json(client);
    bay::Dropped dropped;
    const auto done = settle(parsed->get_object(), kRules, Set{true}, leniency, dropped);
    return {done ? to_text(*parsed) : done.error().message, dropped.names()};
}

TEST(ParameterRules, WhatSaysNothingIsLeftOutWithoutAWord) {
    const auto outcome = settled(R"({"n":1,"audio":null,"x":2})", {});
    EXPECT_EQ(outcome.left, R"({"x":2})");
    EXPECT_TRUE(outcome.dropped.empty());
}

TEST(ParameterRules, WhatIsUsualIsLeftOutOfTranslatedRequestsAlone) {
    constexpr const char* kUsual =
        R"({"seed":0,"logit_bias":{},"store":false,"modalities":["text"],"x":2})";
    EXPECT_THAT(settled(kUsual, {}).left,
                HasSubstr("['seed', 'logit_bias', 'store', 'modalities'], for model=m"));
    Leniency leniency;
    leniency.hint_params = "user";
    const auto translated = settled(kUsual, leniency);
    EXPECT_EQ(translated.left, R"({"x":2})");
    EXPECT_TRUE(translated.dropped.empty());
    EXPECT_THAT(settled(R"({"seed":1})", leniency).left, HasSubstr("['seed']"));
}

TEST(ParameterRules, WhatIsRefusedIsNamedInTheClientsOrderWithTheReasons) {
    const auto outcome = settled(R"({"temperature":1.5,"n":2,"x":2})", {});
    EXPECT_THAT(outcome.left, HasSubstr("['temperature', 'n'], for model=m"));
    EXPECT_THAT(outcome.left, HasSubstr("(temperature: at most 1)"));
}

TEST(ParameterRules, DropParamsMendsOrLeavesOut) {
    Leniency leniency;
    leniency.drop_params = true;
    const auto outcome = settled(R"({"temperature":1.5,"n":2,"x":2})", leniency);
    EXPECT_EQ(outcome.left, R"({"temperature":1,"x":2})");
    EXPECT_THAT(outcome.dropped, ElementsAre("temperature", "n"));
}

TEST(ParameterRules, WhatTheProviderRefusesBesideOthersIsSentUnlessItMayBeDropped) {
    const auto strict = settled(R"({"top_p":0.5})", {});
    EXPECT_EQ(strict.left, R"({"top_p":0.5})");
    EXPECT_TRUE(strict.dropped.empty());
    EXPECT_THAT(settled(R"({"top_p":0.5,"n":2})", {}).left, HasSubstr("['n'], for model=m"));
    Leniency leniency;
    leniency.drop_params = true;
    const auto lenient = settled(R"({"top_p":0.5,"x":2})", leniency);
    EXPECT_EQ(lenient.left, R"({"x":2})");
    EXPECT_THAT(lenient.dropped, ElementsAre("top_p"));
}

TEST(ParameterRules, HintsAreLeftOutAndAllowedOnesAreSent) {
    Leniency leniency;
    leniency.hint_params = "n";
    leniency.allowed_params = "audio,temperature";
    const auto outcome = settled(R"({"temperature":1.5,"n":2,"audio":{}})", leniency);
    EXPECT_EQ(outcome.left, R"({"temperature":1.5,"audio":{}})");
    EXPECT_THAT(outcome.dropped, ElementsAre("n"));
}

}  // namespace
}  // namespace patchbay::shared
