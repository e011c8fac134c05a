// AWS's shared files of profiles, "credentials" and "config", which the host reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "session.hpp"

namespace patchbay::aws {

/// The texts of the two files. Holds secrets.
struct ProfileFiles {
    std::string credentials;
    std::string config;
};

/// What a profile comes to: keys, or a role that is taken with keys.
struct Profile {
    Session keys;        ///< none: the machine's
    std::string region;  ///< empty: it names none, as the others
    std::string role;
    std::string role_session_name;
    std::string external_id;
    /// Why nothing can be had of it, in words for the operator: it asks for a program, a login in a
    /// browser, a file, or a profile that is not there. Empty: nothing is wrong.
    std::string fault;
};

/// The profile of that name; nothing if neither file has it. Keys of "credentials" win over those of
/// "config". A role is taken with the keys of its `source_profile`, the machine's (`credential_source`),
/// or `environment`, the keys that stand in variables. Pure.
std::optional<Profile> find_profile(const ProfileFiles& files, std::string_view name,
                                    const Session& environment);

}  // namespace patchbay::aws
