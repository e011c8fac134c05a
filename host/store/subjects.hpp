// What budgets, members and changes are about: the numbers stand in the store and never change.
#pragma once

namespace patchbay::store {

/// `change.kind`; of `member.kind` team, organization and project. Up to 9 they are the numbers of the
/// ledger's books.
enum class Subject {
    key = 1,
    tag = 2,
    user = 3,
    team = 4,
    organization = 5,
    project = 6,
    customer = 7,
    budget = 10,
    member = 11,  ///< `change.subject` is the user's id
    access_group = 12,
};

}  // namespace patchbay::store
