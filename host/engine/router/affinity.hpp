// The strategy `prefix-affinity`: what begins alike goes where its beginning is in the provider's
// prompt cache.
//
// A session, or the longest beginning of the prompt that some deployment was sent lately (as its
// provider's cache keeps it: cache_rules.hpp), leads to that deployment. What is new goes where
// consistent hashing puts it, so gateways agree without telling each other, and a restart or a new
// deployment moves little. Affinity never overloads a deployment: who has more than a quarter over
// its share of the tokens under way, or has fallen silent, is passed over, and the next on the
// ring, which is the same one each time, becomes another home of the beginning. What no cache would
// keep is chosen by p2c-ewma.
#pragma once

#include <optional>

#include "engine/router/choice.hpp"

namespace patchbay {

/// A place of `usable`. No allocation, no lock.
std::size_t prefix_affinity(const Choice& choice, Draw& draw);

/// The place has answered a call with these keys: beginnings that its provider keeps lead there.
/// Nothing where the group's tables are not made for it.
void remember_home(const GroupTables& group, std::size_t place, const PrefixKeys& keys,
                   const Now& now);

/// Where `optional_pre_call_checks` lead a call under any strategy, the first that does: to who has its
/// session (`session_affinity`), the beginning of its prompt (`prompt_caching`), its key
/// (`deployment_affinity`). Whoever may be asked is taken, whatever its load, as in LiteLLM. nullopt:
/// the strategy chooses.
std::optional<std::size_t> kept_home(const Choice& choice);

/// The place has answered: what the settings go by leads there from now on. `keys` null, `owner` 0:
/// there is none.
void keep_home(const GroupTables& group, std::size_t place, const RoutingSettings& settings,
               const PrefixKeys* keys, std::uint64_t owner, const Now& now);

}  // namespace patchbay
