// The numbers of the books and of what their subjects are. They stand in the store and never change.
#pragma once

#include <cstdint>
#include <string>

namespace patchbay::store {

/// `account.book`. The subjects of the first and of models, deployments, customers, members and counters are numbers
/// of `identity`, those of the others numbers of rows (subjects.hpp).
enum Book {
    kMain = 1,  ///< by the hash that was presented
    kUser = 3,
    kTeam = 4,
    kOrganization = 5,
    kCustomer = 7,
    kModel = 8,
    kDeployment = 9,
    kMember = 11,   ///< a user in a team
    kKeyRow = 12,   ///< by the key's row, which stays when the key is made anew
    kCounter = 13,  ///< of no row: ledger_counters.hpp
};

/// `identity.kind`.
enum IdentityKind {
    kKeys = 1,
    kGroups,
    kModels,
    kDeployments,
    kProviders,
    kRoutes,
    kCustomers,
    kMembers,
    kCounters,
};

/// `entry.flags` of a correction (corrections.hpp), beside those of engine/records/ledger_entry.hpp.
inline constexpr std::int64_t kCorrection = 1 << 16;
/// `entry.attempt` of corrections begins behind it.
inline constexpr std::int64_t kCorrectionsFrom = 1000;

/// The name of a member among the identities.
inline std::string member_name(std::int64_t team, std::int64_t user) {
    return std::to_string(team) + ":" + std::to_string(user);
}

}  // namespace patchbay::store
