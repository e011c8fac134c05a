// LiteLLM's names of prices, and what they mean here: of its price map, and of prices that a
// deployment has of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

/// What became of one member of a model's entry.
enum class FieldUse {
    rate,      ///< it is in the terms now
    no_price,  ///< it says something else of the model: "mode", "supports_vision"
    no_money,  ///< it stands among the prices and has no effect here (docs/spend.md names them)
    unknown,   ///< nobody knows it
    refused    ///< its value is no price
};

/// Does this name a price, as far as a name tells? What is unknown and does must not be overlooked.
bool looks_like_price(std::string_view field);
/// Is this one of the names that add_field() takes for a rate or another term?
bool is_price_field(std::string_view field);

/// The name that means such a rate ("input_cost_per_token_above_200k_tokens_priority"): one that
/// add_field() takes. Empty if it has none of its own: rates of off-peak hours, searches and
/// guardrails stand inside of other members, and of bounds only whole thousands have a name.
std::string field_of_rate(const Rate& rate);

/// Puts the member `field` of a model's entry into `terms`. `value` is its JSON text. null is as if it
/// were not there. `rounded` is set if the price had more than 18 decimals; it may be null. With `refused`
/// nothing was changed.
FieldUse add_field(std::string_view field, std::string_view value, CardTerms& terms,
                   bool* rounded = nullptr);

/// Settles what depends on several fields, once all of them were added: each rate stands there once,
/// the later one of two.
void finish_terms(CardTerms& terms);

}  // namespace patchbay::meter
