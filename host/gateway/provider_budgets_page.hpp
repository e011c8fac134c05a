// GET /provider/budgets: what providers with budgets have spent.
#pragma once

#include "contract/error.hpp"
#include "engine/world/snapshot.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// {"providers": {"openai": {"budget_limit", "time_period", "spend", "budget_reset_at"}}}; an Error (500, LiteLLM's) if
/// none has a budget. `now_us`: microseconds since 1970.
Result<Page> provider_budgets_page(const Snapshot& snapshot, std::int64_t now_us);

}  // namespace patchbay::gateway
