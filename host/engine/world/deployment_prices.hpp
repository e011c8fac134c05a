// What the calls of a deployment cost, from its configuration and the table of prices.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "engine/meter/pricing.hpp"

namespace patchbay {

struct Deployment;

struct PricedEntry {
    const PriceSettings& settings;
    const DeploymentConfig& entry;
    const Deployment& deployment;  ///< with provider, model, base_url and simulated set
    std::shared_ptr<const meter::PriceBook> book;
    std::shared_ptr<const meter::CardShelf> shelf;
    std::string told_cost{};  ///< of the provider's row
};

/// The card is, in this order: prices of the entry's own, in litellm_params or model_info (they are
/// the whole card: nothing is taken from the table beside them, and what the provider tells does not
/// count); that of `base_model`; that of the model.
/// `refused` is called with each field whose value is no price.
meter::Pricing price_deployment(const PricedEntry& priced,
                                const std::function<void(std::string_view)>& refused);

/// Reads an operator's table of prices. What is wrong with it; empty if nothing is.
std::string read_price_table_file(const std::string& path, std::string& table);

/// What one token in and one out cost, in dollars: what routing by cost compares.
double price_of_two_tokens(const meter::RateCard& card);

}  // namespace patchbay
