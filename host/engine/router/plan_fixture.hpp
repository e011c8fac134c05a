// Test support: plans that a test drives by hand.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay::test {

class PlanTest : public testing::Test {
  protected:
    Plan& plan(const std::string& model = "g") {
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.key_tags = key_tags;
        ask.path = "/chat/completions";
        ask.prompt_tokens = prompt_tokens;
        ask.answer_tokens = answer_tokens;
        ask.explain = explain;
        ask.home = home;
        ask.names_group = names_group;
        ask.gate = gate;
        ask.bound = bound;
        ask.turning = turning;
        ask.only_free = only_free;
        ask.region = region;
        ask.schema = schema;
        ask.picture = picture;
        plan_.reset();
        name_ = model;
        auto route = resolve_model(world.snapshot, name_, ask.path);
        EXPECT_TRUE(route) << model;
        return plan_.emplace(world.snapshot, std::move(*route), ask, Draw(++seed));
    }
    /// "start d0", "wait 500", "fail".
    std::string told(const Step& step) {
        switch (step.kind) {
            case Step::Kind::start:
                return "start " + plan_->deployment().id;
            case Step::Kind::queue:
                return told(plan_->queue(nullptr, world.now));
            case Step::Kind::wait:
                return "wait";
            case Step::Kind::fail:
                return "fail";
        }
        return "?";
    }
    std::string begin() { return told(plan_->begin(world.now)); }
    std::string failed(Error error, bool committed = false) {
        const Step step = plan_->failed(std::move(error), committed, world.now);
        waits = step.at - world.now.steady;
        return told(step);
    }
    std::string woke() { return told(plan_->woke(world.now)); }
    void answered() { plan_->answered({std::chrono::seconds(1), {}, 10, 5}, world.now); }
    std::string error() { return plan_->take_error().message; }
    LaneIndex lane(const std::string& group, std::size_t place = 0) {
        return world.tables(group).lanes[place];
    }
    std::int32_t in_flight(const std::string& group, std::size_t place = 0) {
        return world.lanes().in_flight(lane(group, place));
    }

    RoutedWorld world;
    RequestOptions options;
    std::vector<std::string> key_tags;
    std::size_t prompt_tokens = 0;
    std::int64_t answer_tokens = 0;
    std::string* explain = nullptr;
    std::string home;
    bool names_group = true;
    RouteGate* gate = nullptr;
    const access::Principal* bound = nullptr;
    FallbackGate* turning = nullptr;
    bool only_free = false;
    bool schema = false;
    bool picture = false;
    std::string region;
    std::uint64_t seed = 0;
    std::string name_;
    std::optional<Plan> plan_;
    std::chrono::nanoseconds waits{0};
};

}  // namespace patchbay::test
