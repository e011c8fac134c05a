// The prices of a model as other programs read them.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

/// A rate in dollars, as a JSON number that keeps all of its digits.
boost::json::value shown_rate(Atto rate);

/// Adds the card's rates under LiteLLM's names ("input_cost_per_token"): those that its price map has a
/// name for, and none that were worked out.
void show_prices(const RateCard& card, boost::json::object& info);

}  // namespace patchbay::meter
