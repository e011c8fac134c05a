#include "engine/world/deployment_prices.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "contract/http/header.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/world/deployment.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

using meter::Multiplier;

std::string_view text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::shared_ptr<const meter::RateCard> own_card(
    const DeploymentConfig& entry, const std::function<void(std::string_view)>& refused) {
    meter::CardTerms terms;
    const auto add = [&](std::string_view field, const boost::json::value& value) {
        const meter::FieldUse use = meter::add_field(field, json_tree::write(value), terms);
        if (use == meter::FieldUse::refused || use == meter::FieldUse::unknown) refused(field);
    };
    // litellm_params go before model_info, and ranges before what stands beside them.
    for (const auto* object : {&entry.model_info, &entry.params}) {
        for (const auto& [name, value] : *object) {
            if (name != "tiered_pricing" && meter::is_price_field(name)) add(name, value);
        }
    }
    for (const auto* object : {&entry.model_info, &entry.params}) {
        if (const auto* ranges = object->if_contains("tiered_pricing")) {
            add("tiered_pricing", *ranges);
        }
    }
    if (terms.rates.empty()) return nullptr;
    meter::finish_terms(terms);
    return meter::make_card(std::move(terms));
}

struct Residency {
    std::string_view name;
    std::string_view host;
    Multiplier multiplier;
};
// OpenAI's regional endpoints.
constexpr auto kResidencies = std::to_array<Residency>({
    {"eu", "eu.api.openai.com", Multiplier::eu},
    {"us", "us.api.openai.com", Multiplier::us},
    {"fedramp", "gov.api.openai.com", Multiplier::fedramp},
});

std::uint8_t bit(Multiplier which) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(which));
}

std::uint8_t multipliers_of(const DeploymentConfig& entry, const Deployment& deployment) {
    std::uint8_t bits = 0;
    const std::string_view residency = text_of(entry.params, "data_residency");
    for (const Residency& known : kResidencies) {
        const bool there = deployment.base_url.find(known.host) != std::string::npos;
        if (there || http::iequals(residency, known.name)) bits |= bit(known.multiplier);
    }
    for (const std::string_view name : {"vertex_location", "vertex_ai_location"}) {
        const std::string_view location = text_of(entry.params, name);
        const bool regional = !location.empty() && !http::iequals(location, "global");
        if (regional) bits |= bit(Multiplier::regional);
    }
    return bits;
}

meter::Terms terms_of(const PricedEntry& priced, const std::string& provider) {
    meter::Terms terms;
    const PriceSettings& settings = priced.settings;
    if (const auto found = settings.discount_ppm.find(provider);
        found != settings.discount_ppm.end()) {
        terms.discount = found->second;
    }
    auto margin = settings.margins.find(provider);
    if (margin == settings.margins.end()) margin = settings.margins.find("global");
    if (margin != settings.margins.end()) {
        terms.margin = margin->second.percentage_ppm;
        terms.margin_fixed = margin->second.fixed_nano;
    }
    terms.multipliers = multipliers_of(priced.entry, priced.deployment);
    return terms;
}

}  // namespace

meter::Pricing price_deployment(const PricedEntry& priced,
                                const std::function<void(std::string_view)>& refused) {
    const Deployment& d = priced.deployment;
    meter::Pricing pricing;
    pricing.provider = d.provider;
    pricing.free = d.simulated;
    pricing.shelf = priced.shelf;
    std::string model = d.model;
    // A mocked answer costs what the model's own would, as in LiteLLM.
    if (const std::size_t slash = priced.entry.model.find('/');
        d.simulated && slash != model.npos) {
        pricing.provider = priced.entry.model.substr(0, slash);
        model = priced.entry.model.substr(slash + 1);
    }
    pricing.terms = terms_of(priced, pricing.provider);
    pricing.card = own_card(priced.entry, refused);
    if (!pricing.card) pricing.told_cost = priced.told_cost;
    if (pricing.card || !priced.book) return pricing;
    const std::string_view region = text_of(priced.entry.params, "aws_region_name");
    for (const auto* object : {&priced.entry.model_info, &priced.entry.params}) {
        const std::string_view base = text_of(*object, "base_model");
        if (base.empty() || pricing.card) continue;
        pricing.card = priced.book->find(pricing.provider, base, region);
        // "azure/gpt-4o" names its provider itself.
        const std::size_t slash = base.find('/');
        if (!pricing.card && slash != base.npos) {
            pricing.card = priced.book->find(base.substr(0, slash), base.substr(slash + 1), region);
        }
        if (!pricing.card) pricing.card = priced.book->find("", base, region);
    }
    if (pricing.card || d.is_pattern()) return pricing;
    pricing.card = priced.book->find(pricing.provider, model, region);
    return pricing;
}

std::string read_price_table_file(const std::string& path, std::string& table) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return "it cannot be read";
    table.assign(std::istreambuf_iterator<char>(file), {});
    if (file.bad()) return "it cannot be read";
    return meter::table_fault(table);
}

double price_of_two_tokens(const meter::RateCard& card) {
    const auto dollars = [&](meter::Dimension dimension) {
        const meter::Rate* rate = card.standard(dimension);
        constexpr double kAtto = 1e-18;
        return rate ? static_cast<double>(rate->rate) * kAtto : 0;
    };
    return dollars(meter::Dimension::text_in) + dollars(meter::Dimension::text_out);
}

}  // namespace patchbay
