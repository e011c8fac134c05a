#include "engine/world/group_maker.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/models/cache_rules.hpp"
#include "engine/surface/operation.hpp"
#include "engine/world/provider_name.hpp"
#include "engine/world/wildcard.hpp"

namespace patchbay {

bool serves(const Deployment& deployment, const ModelMode* mode, const Operation& operation) {
    if ((deployment.operations & operation.bit) == 0) return false;
    if (mode == nullptr) return true;
    if (deployment.chat_by_responses && &operation == &kChatCompletions &&
        mode->name == "responses") {
        return true;
    }
    // LiteLLM's rule: where the provider has no text completions, they are asked for in chat.
    if (&operation == &kChatCompletions && mode->name == "completion" &&
        (deployment.operations & kCompletions.bit) == 0) {
        return true;
    }
    const auto& modes = operation.modes;
    return std::find(modes.begin(), modes.end(), mode->name) != modes.end();
}

namespace {

using Members = std::vector<const Deployment*>;

// A pattern's models are judged when they are asked for (router.hpp, wrong_use()).

void add_operations(const Members& all, GroupTables& tables) {
    tables.common_operations = all.empty() ? 0 : ~0u;
    for (const Deployment* d : all) {
        std::uint32_t bits = 0;
        for (const Operation* operation : operations()) {
            if (serves(*d, d->mode, *operation)) bits |= operation->bit;
        }
        tables.operations.push_back(bits);
        tables.common_operations &= bits;
    }
}

void add_instances(const Members& all, GroupTables& tables) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Instance* instance = all[i]->instance.instance.get();
        if (instance == nullptr) continue;
        auto& sets = tables.by_instance;
        auto found = std::find_if(sets.begin(), sets.end(),
                                  [&](const auto& set) { return set.first == instance; });
        if (found == sets.end()) found = sets.insert(sets.end(), {instance, LaneSet(all.size())});
        found->second.set(i);
    }
}

int order_of(const Deployment& deployment, const GroupRouting& routing) {
    constexpr int kLast = std::numeric_limits<int>::max();
    if (routing.orders == nullptr) return deployment.order.value_or(kLast);
    const auto found = routing.orders->find(deployment.group);
    return found == routing.orders->end() ? kLast : found->second;
}

void add_levels(const Members& all, const GroupRouting& routing, GroupTables& tables) {
    std::set<int> orders;
    for (const Deployment* d : all) orders.insert(order_of(*d, routing));
    for (const int order : orders) {
        LaneSet& level = tables.levels.emplace_back(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (order_of(*all[i], routing) == order) level.set(i);
        }
    }
    if (tables.levels.empty()) tables.levels.emplace_back(0);
}

// LiteLLM's rule: the first of weight, rpm and tpm that any of them has; who lacks it gets nothing.
Weights weights_of(const Members& all) {
    std::vector<double> weights(all.size(), 1.0);
    using Get = std::optional<double> (*)(const Deployment&);
    for (const Get get :
         {Get([](const Deployment& d) { return d.weight; }), Get([](const Deployment& d) {
              return d.rpm ? std::optional<double>(*d.rpm) : std::nullopt;
          }),
          Get([](const Deployment& d) {
              return d.tpm ? std::optional<double>(*d.tpm) : std::nullopt;
          })}) {
        if (std::none_of(all.begin(), all.end(), [&](const Deployment* d) { return get(*d); })) {
            continue;
        }
        for (std::size_t i = 0; i < all.size(); ++i) weights[i] = get(*all[i]).value_or(0);
        break;
    }
    return Weights(weights);
}

std::uint32_t limit(const std::optional<std::int64_t>& given) {
    if (!given) return GroupTables::kNoLimit;
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(*given, 0, GroupTables::kNoLimit - 1));
}

void add_numbers(const Members& all, GroupTables& tables) {
    for (const Deployment* d : all) {
        tables.lanes.push_back(d->lane ? d->lane->index() : 0);
        tables.rpm.push_back(limit(d->rpm));
        tables.tpm.push_back(limit(d->tpm));
        tables.most_parallel.push_back(limit(d->max_parallel_requests));
        tables.max_input.push_back(d->info.max_input_tokens);
        tables.cooldown_ms.push_back(d->cooldown_time ? d->cooldown_time->count() : -1);
        tables.has_rates = tables.has_rates || d->rpm || d->tpm;
        tables.has_parallel = tables.has_parallel || d->max_parallel_requests;
    }
    tables.by_price.resize(all.size());
    std::iota(tables.by_price.begin(), tables.by_price.end(), 0u);
    std::stable_sort(tables.by_price.begin(), tables.by_price.end(),
                     [&](auto a, auto b) { return all[a]->price < all[b]->price; });
}

void add_token_limits(const Members& all, GroupTables& tables) {
    const bool any =
        std::any_of(all.begin(), all.end(), [](const Deployment* d) { return d->itpm || d->otpm; });
    if (!any) return;
    tables.has_rates = true;
    TokenLimits& limits = tables.token_limits.emplace();
    for (const Deployment* d : all) {
        limits.prompts.push_back(limit(d->itpm));
        limits.answers.push_back(limit(d->otpm));
        limits.usual_answer.push_back(limit(d->usual_answer));
    }
}

// After the weights.
void add_affinity(const Members& all, GroupTables& tables) {
    tables.homes = &tables.table->homes();
    const double mean =
        tables.weight_sum / static_cast<double>(std::max<std::size_t>(all.size(), 1));
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        tables.ring.add(all[i]->id, i, tables.weights.of(i) / mean);
        tables.cache_rules.push_back(&cache_rule(all[i]->provider, all[i]->model));
        tables.by_lane.emplace_back(tables.lanes[i], i);
    }
    tables.ring.finish();
    std::sort(tables.by_lane.begin(), tables.by_lane.end());
}

// In billionths of a dollar. nullopt: nobody knows.
std::optional<TokenPrices> prices_of(const Deployment& deployment) {
    const auto& card = deployment.pricing.card;
    if (!card) return std::nullopt;
    const auto price = [&](meter::Dimension dimension) {
        const auto found = card->find(dimension, meter::Tier::standard, 0, false);
        if (!found) return 0.0;
        return static_cast<double>(found->rate) / static_cast<double>(meter::kAttoPerNano) /
               found->divisor;
    };
    return TokenPrices{price(meter::Dimension::text_in), price(meter::Dimension::cached_in),
                       price(meter::Dimension::text_out)};
}

void add_hedging(const Members& all, double share, GroupTables& tables) {
    HedgeTables& hedge = tables.hedge.emplace();
    hedge.share = share;
    hedge.hedges = &tables.memory->hedges();
    bool priced = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
        hedge.spreads.push_back(&tables.table->spread(tables.lanes[i]));
        const auto prices = prices_of(*all[i]);
        priced = priced && prices && prices->in > 0;
        hedge.prices.push_back(prices.value_or(TokenPrices{}));
    }
    if (!priced) hedge.prices.assign(all.size(), TokenPrices{});
}

}  // namespace

std::shared_ptr<const GroupTables> make_group_tables(const Members& deployments,
                                                     std::shared_ptr<LaneTable> table,
                                                     std::shared_ptr<GroupMemory> memory,
                                                     const GroupRouting& routing) {
    auto tables = std::make_shared<GroupTables>();
    tables->table = std::move(table);
    tables->memory = memory ? std::move(memory) : std::make_shared<GroupMemory>();
    tables->own = routing.own;
    tables->kin = routing.kin;
    tables->all = LaneSet(deployments.size(), true);
    tables->rests = LaneSet(deployments.size());
    tables->limited = LaneSet(deployments.size());
    tables->no_pictures = LaneSet(deployments.size());
    tables->no_schema = LaneSet(deployments.size());
    tables->refuses_schema = LaneSet(deployments.size());
    for (std::size_t i = 0; i < deployments.size(); ++i) {
        if (!deployments[i]->is_pattern()) tables->rests.set(i);
        if (!deployments[i]->limits.empty()) tables->limited.set(i);
        if (deployments[i]->no_pictures) tables->no_pictures.set(i);
        if (deployments[i]->schema != SchemaSupport::takes) tables->no_schema.set(i);
        if (deployments[i]->schema == SchemaSupport::refuses) tables->refuses_schema.set(i);
        for (const std::string& tag : deployments[i]->tags) {
            tables->by_tag.try_emplace(tag, deployments.size()).first->second.set(i);
        }
    }
    add_operations(deployments, *tables);
    add_instances(deployments, *tables);
    add_levels(deployments, routing, *tables);
    add_numbers(deployments, *tables);
    add_token_limits(deployments, *tables);
    tables->weights = weights_of(deployments);
    for (std::size_t i = 0; i < deployments.size(); ++i)
        tables->weight_sum += tables->weights.of(i);
    if (routing.strategy == Strategy::prefix_affinity || routing.affinity)
        add_affinity(deployments, *tables);
    if (routing.hedge_share > 0) add_hedging(deployments, routing.hedge_share, *tables);
    return tables;
}

void add_guardrails(ModelGroup& group, const Deployment& deployment) {
    auto& names = group.guardrails;
    for (const std::string& name : deployment.guardrails) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
}

const ModelGroup* find_group(const Snapshot& snapshot, std::string_view name) {
    if (const auto found = snapshot.groups.find(name); found != snapshot.groups.end()) {
        return &found->second;
    }
    for (const ModelGroup& group : snapshot.wildcards) {
        if (group.name == name) return &group;
    }
    return nullptr;
}

std::optional<PatternMatch> find_pattern(const Snapshot& snapshot, std::string_view name) {
    const auto& aliases = snapshot.config.router.model_group_alias;
    const auto alias = aliases.empty() ? aliases.end() : aliases.find(std::string(name));
    if (alias != aliases.end()) name = alias->second.model;
    for (const ModelGroup& group : snapshot.wildcards) {
        if (auto captures = match_wildcard(group.name, name)) {
            return PatternMatch{&group, std::move(*captures)};
        }
    }
    if (snapshot.wildcards.empty()) return std::nullopt;
    const std::string_view provider = provider_of_bare(name);
    for (const ModelGroup& group : snapshot.wildcards) {
        if (auto captures = match_wildcard_of(provider, group.name, name)) {
            return PatternMatch{&group, std::move(*captures)};
        }
    }
    return std::nullopt;
}

}  // namespace patchbay
