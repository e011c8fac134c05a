// What a provider says that an answer costs: it goes before the table of prices.
//
// Whose word counts is said by the provider's row (docs/providers.md, `told_cost`). The text comes from
// outside: what is no amount is not told, and the price of the model holds.
#pragma once

#include <optional>
#include <string_view>

#include "engine/meter/cost.hpp"

namespace patchbay::meter {

/// `member` names one in the object `usage`, or with a dot one inside it: "cost.total_cost". Its value, in
/// dollars; nullopt if it is not there, no number, negative, or beyond kMostCost. Of a name that stands
/// twice the last one counts. Any bytes are safe; allocates nothing; any thread.
std::optional<Atto> told_cost(std::string_view usage, std::string_view member);

/// The bill of what is told: discount and margin as cost_of() has them; all of it is Part::output, as in
/// LiteLLM, for nobody has said what it is made of. `told` is not negative and at most kMostCost.
Cost cost_as_told(Atto told, const Terms& terms);

}  // namespace patchbay::meter
