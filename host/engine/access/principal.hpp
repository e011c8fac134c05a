// Who calls with a virtual key, and what that may do: read from the store once, for all loops.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/access/limits_maker.hpp"
#include "engine/surface/request_defaults.hpp"
#include "store/ledger_debtors.hpp"

namespace patchbay::access {

/// A list of models as LiteLLM has it: names, access groups, patterns with '*'.
struct ModelList {
    bool all = true;                 ///< it is empty, or says so ("all-proxy-models", "*")
    std::vector<std::string> shown;  ///< as it was given
    std::vector<std::string> names;  ///< sorted
    std::vector<std::string> patterns;
};

/// Whose list a model must be on, and the words of the refusal.
enum class ListOf { key, team, user, organization };

/// What a name of a model stands for.
struct ModelAlias {
    std::string model;
    /// The team's administrators gave it: as in LiteLLM the team's keys may use the model by it, whatever the lists say.
    bool of_team = false;
};

/// Any thread. `alias` is the key's.
struct Principal : Limits {
    store::KeyHash hash{};
    std::string hash_text;  ///< in hex: LiteLLM's `token`
    store::LedgerDebtors debtors;
    std::string name;  ///< "sk-...abcd"
    std::string user_id, team_id, team_alias, organization_id;
    std::vector<std::string> tags;  ///< of the key and its team: those of each of its calls
    std::vector<std::string> enforced_params;  ///< of both: what each of its requests must say
    std::vector<std::string> guardrails;       ///< of both: which look at each of its calls
    std::vector<std::string> policies;         ///< likewise
    std::string priority;                      ///< of the team, else of the key; empty: none
    bool admin = false;                        ///< of the user's role: no limits
    bool blocked = false, team_blocked = false, session = false;
    /// Of the key's `router_settings`, else of its team's: for requests that do not say it themselves.
    RequestDefaults defaults;
    std::optional<bool> disable_fallbacks;  ///< of the key's metadata: whatever its requests say
    bool service_account = false;           ///< the key's metadata has a `service_account_id`
    std::optional<std::int64_t> expires;    ///< microseconds since 1970
    std::optional<std::int64_t> replaced;   ///< likewise: the end of a grace period

    std::vector<std::pair<ListOf, ModelList>> models;  ///< of which each must hold the model
    std::map<std::string, ModelAlias, std::less<>>
        aliases;                              ///< of models: the key's before the team's
    std::vector<std::string> routes;          ///< allowed_routes; empty: all
    std::vector<std::string> cache_controls;  ///< allowed_cache_controls; empty: all
    std::int64_t expected_output_tokens = 0;  ///< 0: not told
    std::string limit_lines;                  ///< for answers (rate_headers.hpp)

    const Subject& key() const { return *limits.front().subject; }
    /// What a client's name of a model stands for; nullptr: it is no alias.
    const ModelAlias* alias_of(std::string_view model) const;
};

/// nullptr if a document of the record cannot be read, or the store does not say what was spent: `why` says which.
/// The subjects take the record's limits, and those that `terms` gives it.
std::shared_ptr<const Principal> make_principal(const store::KeyRecord& record,
                                                const KeyTerms& terms, SubjectTable& subjects,
                                                const SpentOf& spent, std::int64_t now_us,
                                                std::string& why);

}  // namespace patchbay::access
