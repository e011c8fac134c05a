#include "route_sim/world.hpp"

namespace patchbay::sim {

namespace {

constexpr double kAttoPerMillionth = 1e12;  ///< dollars for a million tokens, as a card has them

std::shared_ptr<const meter::RateCard> card_of(const LaneShape& shape) {
    meter::CardTerms terms;
    const auto add = [&](meter::Dimension dimension, double dollars) {
        terms.rates.push_back({dimension, meter::Tier::standard, 0,
                               static_cast<meter::Atto>(dollars * kAttoPerMillionth), false});
    };
    add(meter::Dimension::text_in, shape.in);
    add(meter::Dimension::cached_in, shape.cached);
    add(meter::Dimension::text_out, shape.out);
    return std::make_shared<const meter::RateCard>(std::move(terms), 1);
}

}  // namespace

World::World(const Scenario& scenario, const Contender& contender)
    : scenario_(scenario), contender_(contender) {
    std::vector<bool> first;
    for (const LaneSpec& lane : scenario.lanes) first.push_back(!lane.later);
    serve(first);
}

void World::serve(const std::vector<bool>& lanes) {
    auto made = std::make_unique<Snapshot>();
    made->lanes = lanes_;
    made->config.router.routing.strategy = contender_.strategy;
    const double share = contender_.hedge ? HedgeSettings::kShare : 0;
    ModelGroup& group = made->groups["model"];
    group.name = "model";
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (!lanes[i]) continue;
        const LaneSpec& spec = scenario_.lanes[i];
        auto deployment = std::make_unique<Deployment>();
        deployment->id = spec.name;
        deployment->group = "model";
        deployment->provider = spec.shape.provider;
        deployment->model = deployment->configured = spec.shape.model;
        deployment->operations = kChatCompletions.bit;
        deployment->weight = spec.weight;
        deployment->price = (spec.shape.in + spec.shape.out) / 1e6;
        deployment->pricing.card = card_of(spec.shape);
        deployment->lane = lanes_->take(spec.name);
        group.deployments.push_back(deployment.get());
        made->deployments.push_back(std::move(deployment));
    }
    group.tables =
        make_group_tables(group.deployments, lanes_, memory_, {contender_.strategy, share});
    memory_ = group.tables->memory;
    snapshots_.push_back(std::move(made));
}

}  // namespace patchbay::sim
