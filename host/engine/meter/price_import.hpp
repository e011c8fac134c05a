// LiteLLM's price map into rows of the price table.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/meter/price_row.hpp"

namespace patchbay::meter {

/// What a price map holds, and what was not taken.
struct PriceMap {
    std::map<std::string, CardTerms> models;  ///< those that have a price
    std::size_t without_price = 0;            ///< models that have none
    /// By name of the member how often it was met:
    std::map<std::string, std::size_t> unknown_prices;  ///< looks like a price, and nobody knows it
    std::map<std::string, std::size_t> unknown;         ///< others that nobody knows
    std::map<std::string, std::size_t> no_money;        ///< among the prices, without effect here
    std::vector<std::string> refused;                   ///< "gpt-4o: output_cost_per_token: -1"
    std::vector<std::string> rounded;  ///< "gpt-4o: input_cost_per_token": more than 18 decimals
};

/// Reads LiteLLM's model_prices_and_context_window.json. Names of names (`alias_of`) have the prices of
/// what they name; "sample_spec" is none. False: the text is no JSON object of objects.
bool read_price_map(std::string_view json, PriceMap& map);

/// What becomes of a table with a map's prices.
struct PriceDiff {
    struct Change {
        std::string model;
        std::string rate;    ///< of those that changed the one that did most: "text_in"
        double percent = 0;  ///< by which it changed; infinite where there was none or a zero
    };
    std::vector<std::string> added;
    std::vector<Change> changed;
    std::vector<std::string> gone;  ///< models of the table that the map has not
    std::size_t same = 0;
    std::string table;  ///< with a new line for what is new or has changed, in order
};

/// `table` is as table_fault() wants it; `from` a day. What is gone keeps its lines: prices of the past
/// hold. A line of the same model and day is replaced, as one day has one price.
PriceDiff merge_prices(std::string_view table, const PriceMap& map, std::string_view from,
                       std::string_view source);

}  // namespace patchbay::meter
