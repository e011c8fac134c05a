#include "price_questions.hpp"

#include <cstdint>
#include <string_view>

#include "contract/unix_time.hpp"
#include "engine/meter/counts.hpp"
#include "engine/meter/exact_cost.hpp"
#include "engine/meter/price_row.hpp"
#include "engine/meter/shown_prices.hpp"
#include "engine/models/catalogue.hpp"
#include "engine/world/deployment_prices.hpp"
#include "engine/world/provider_name.hpp"
#include "json_members.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

ProviderModel asked_model(const Snapshot& world, const json::object& about) {
    return provider_of(text_member(about, "model"), text_member(about, "custom_llm_provider"), {},
                       *world.plugins);
}

// The prices that `about` brings along, else those of the table.
std::shared_ptr<const meter::RateCard> card_for(const ProviderModel& asked,
                                                const json::object& about) {
    DeploymentConfig entry;
    entry.model = asked.model;
    if (const json::object* own = object_member(about, "prices")) entry.params = *own;
    Deployment deployment;
    deployment.provider = asked.provider;
    deployment.model = asked.model;
    const auto book =
        std::make_shared<const meter::PriceBook>(std::string(), meter::day_of(unix_us()));
    const PriceSettings no_terms;
    const PricedEntry priced{no_terms, entry, deployment, book, nullptr};
    return price_deployment(priced, [](std::string_view) {}).card;
}

// The counts of "usage", and those of "units", by the names of the price table. Names that are unknown,
// and more than fit, are left out.
meter::Counts counted(const json::object& about, const Usage& usage) {
    meter::Counts counts = meter::counts_of(usage, true);
    const json::object* units = object_member(about, "units");
    if (units == nullptr) return counts;
    for (const auto& [name, value] : *units) {
        const auto dimension = meter::find_dimension(name);
        const bool fits = counts.list().size() < meter::Counts::kMost;
        if (!dimension || !fits || !value.is_int64() || value.get_int64() <= 0) continue;
        counts.add(*dimension, static_cast<std::uint64_t>(value.get_int64()));
    }
    return counts;
}

}  // namespace

json::value model_facts(const Snapshot& world, const json::object& about) {
    const ProviderModel asked = asked_model(world, about);
    json::object facts = model_info_of({}, asked.provider, asked.model).to_json();
    if (const auto card = card_for(asked, about)) meter::show_prices(*card, facts);
    return facts;
}

json::value cost_of_usage(const Snapshot& world, const json::object& about) {
    const auto card = card_for(asked_model(world, about), about);
    if (!card) return json::object{};
    Usage usage;
    if (const json::object* told = object_member(about, "usage")) {
        read_usage(json_tree::write(*told), usage);
    }
    meter::Circumstances how;
    const ServiceTier asked = service_tier(text_member(about, "service_tier"));
    how.tier = meter::tier_of(usage.tier == ServiceTier::untold ? asked : usage.tier);
    how.size = usage.prompt;
    how.ended_us = unix_us();
    const meter::ExactCost cost = meter::exact_cost_of(*card, counted(about, usage).list(), how);
    meter::Atto input = 0, output = 0;
    for (std::size_t i = 0; i < meter::kParts; ++i) {
        (static_cast<meter::Part>(i) == meter::Part::output ? output : input) += cost.parts[i];
    }
    return json::object{{"input", meter::shown_rate(input)},
                        {"output", meter::shown_rate(output)},
                        {"cost", meter::shown_rate(input + output)},
                        {"priced", (cost.flags & meter::Cost::kUnpriced) == 0}};
}

}  // namespace patchbay::client
