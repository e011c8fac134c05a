#include "engine/access/changed.hpp"

#include <algorithm>

namespace patchbay::access {

store::Stored<Changed> Changed::read(const std::vector<store::ChangeRecord>& changes,
                                     store::KeyReader& store, std::int64_t now_us) {
    Changed changed;
    for (const store::ChangeRecord& change : changes) {
        changed.add(change);
        if (change.kind != store::Subject::key) continue;
        const auto hashes = store.prefixes_of(change.subject, now_us);
        if (!hashes) return hashes.error();
        for (const store::KeyPrefix& hash : *hashes) {
            changed.prefixes_.push_back(hash.prefix);
            if (hash.open) changed.open_.insert(hash.prefix);
        }
    }
    return changed;
}

void Changed::mark(const Principal& principal) const {
    if (!concerns(principal)) return;
    if (shuts(principal)) {
        principal.set_gone();
    } else {
        principal.set_stale();
    }
}

bool Changed::concerns(const Principal& principal) const {
    const store::LedgerDebtors& of = principal.debtors;
    return unknown_kind_ || keys_.contains(of.key) || users_.contains(of.user) ||
           teams_.contains(of.team) || organizations_.contains(of.organization) ||
           std::any_of(principal.budgets.begin(), principal.budgets.end(),
                       [this](std::int64_t row) { return budgets_.contains(row); });
}

// An administrator may not be one any more.
bool Changed::shuts(const Principal& principal) const {
    const store::LedgerDebtors& of = principal.debtors;
    if (keys_.contains(of.key) && !open_.contains(store::key_prefix(principal.hash))) return true;
    if (principal.admin && users_.contains(of.user)) return true;
    return unknown_kind_ || shut_users_.contains(of.user) || shut_teams_.contains(of.team) ||
           shut_organizations_.contains(of.organization);
}

void Changed::add(const store::ChangeRecord& change) {
    using enum store::Subject;
    const auto note = [&](std::unordered_set<std::int64_t>& rows,
                          std::unordered_set<std::int64_t>& shut) {
        rows.insert(change.subject);
        if (change.shut) shut.insert(change.subject);
    };
    switch (change.kind) {
        case key:
            keys_.insert(change.subject);
            return;
        case user:
        case member:
            return note(users_, shut_users_);
        case team:
            return note(teams_, shut_teams_);
        case organization:
            return note(organizations_, shut_organizations_);
        case budget:
            budgets_.insert(change.subject);
            return;
        case customer:
        case tag:
            return;
        default:
            unknown_kind_ = true;
    }
}

}  // namespace patchbay::access
