// LiteLLM's endpoints that say what calls cost, before or after they are made.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/world/snapshot.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// POST /cost/estimate {"model", "input_tokens", "output_tokens", "num_requests_per_day",
/// "num_requests_per_month"}: what such a request costs, and so many a day and a month.
Result<Page> estimate_cost(const Snapshot& snapshot, std::string_view body);

/// POST /spend/calculate {"model", "messages"} or {"completion_response"}: {"cost"}. Messages are counted as
/// a token for every four bytes of text.
Result<Page> calculate_spend(const Snapshot& snapshot, std::string_view body);

}  // namespace patchbay::gateway
