// What a configuration says of keys, users and teams that the management API makes. Names are LiteLLM's; docs/keys.md
// tells what each does. Values only, read from any thread once loaded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay {

/// `upperbound_key_generate_params`. What is not given has no bound.
struct KeyBounds {
    std::optional<std::int64_t> max_budget_nano{};
    std::optional<std::int64_t> tpm_limit{}, rpm_limit{}, max_parallel_requests{};
    std::string budget_duration{}, duration{};  ///< a number and a unit ("30d"); empty = no bound
};

/// Who may make keys of a kind, and what they must say of them: a part of `key_generation_settings`.
struct KeyMakers {
    std::optional<std::vector<std::string>> roles{};  ///< nullopt: whoever may make keys at all
    std::vector<std::string> required_params{};
};

struct KeySettings {
    KeyBounds bounds;
    /// Members of the bodies of /key/generate, /user/new and /team/new for those that do not give them; each has its type.
    boost::json::object default_key, default_user, default_team;
    /// `max_budget` and `budget_duration` of users with the role internal_user who are not given others:
    /// max_internal_user_budget, internal_user_budget_duration.
    boost::json::object internal_user;
    KeyMakers team_keys, personal_keys;
};

}  // namespace patchbay
