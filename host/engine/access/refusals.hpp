// What clients are told when a key may not do what it asks for: LiteLLM's statuses, types and words.
#pragma once

#include <optional>
#include <string_view>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"

namespace patchbay::access {

/// The key is not in the store. Never repeats it.
Error unknown_key(const store::KeyHash& hash);
/// The store cannot say whether the key is good: 503 `no_db_connection`.
Error keys_away();

/// Why the principal may not do anything now (`now`, microseconds since 1970): it is blocked, has expired, or was
/// replaced and its grace period is over. nullopt: it may.
std::optional<Error> refused_now(const Principal& principal, std::int64_t now);

Error model_denied(const Principal& principal, ListOf list, const ModelList& models,
                   std::string_view asked);
/// 422 since LiteLLM 1.104: clients do not try again. `limited` is one of the limits.
Error budget_exceeded(const Limits& limits, const Limited& limited, std::int64_t now);
/// The same of the budget that all calls have together.
Error all_budget_exceeded(meter::Amount spent, meter::Amount limit);
/// The `type` of that, by which its status is set as configured.
inline constexpr std::string_view kBudgetExceeded = "budget_exceeded";
/// 400.
Error customer_blocked(std::string_view name);
/// 429 with `retry-after: 1`: calls that are under way may use up what is left.
Error budget_reserved(const Subject& subject);

enum class LimitType { requests, tokens, max_parallel_requests };
/// 429 with the time until the window ends. `now`: RateWindow's.
Error rate_limited(const Subject& subject, LimitType type, std::uint32_t now);

}  // namespace patchbay::access
