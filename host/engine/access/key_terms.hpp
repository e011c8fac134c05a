// What a configuration says of the limits of virtual keys.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace patchbay {
struct Config;
}

namespace patchbay::access {

/// Rates of one model.
struct ModelRates {
    std::optional<std::int64_t> rpm{}, tpm{};
    bool operator==(const ModelRates&) const = default;
};
using RatesByModel = std::map<std::string, ModelRates>;

/// Of all keys. Values.
struct KeyTerms {
    /// By `model_name`: default_api_key_rpm_limit and _tpm_limit, of several deployments the smallest; and by the name
    /// of a routing group, the smallest of its models.
    RatesByModel rates{};
    /// apply_user_budget_to_team_keys: a user's budget is asked for keys of a team, too.
    bool user_budget_in_teams = false;
    /// priority_reservation: those that keys and teams may have; empty: nothing is reserved.
    std::set<std::string, std::less<>> priorities{};
    bool operator==(const KeyTerms&) const = default;
};

KeyTerms key_terms(const Config& config);

}  // namespace patchbay::access
