// Test support: keys as the store has them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "engine/access/principal.hpp"

namespace patchbay::access::test {

inline constexpr std::int64_t kNow = 1'795'907'153'000'000;  ///< 2026-11-28 23:05:53 UTC

/// A key of nobody, with a document.
inline store::KeyRecord key_record(std::string doc = "{}") {
    store::KeyRecord record;
    record.id = 7;
    record.hash.fill(0xab);
    record.name = "sk-...abcd";
    record.doc = std::move(doc);
    return record;
}

/// The same, of a user in a team of an organization.
inline store::KeyRecord member_record(std::string doc = "{}") {
    store::KeyRecord record = key_record(std::move(doc));
    record.user = {.id = 1, .name = "ann", .alias = {}, .doc = "{}", .limits = {}};
    record.team = {.id = 4, .name = "red", .alias = "Red", .doc = "{}", .limits = {}};
    record.organization = {.id = 6, .name = "acme", .alias = {}, .doc = "{}", .limits = {}};
    return record;
}

/// The same, of whom each has every limit: twenty, none of which is near.
inline store::KeyRecord limited_member() {
    store::KeyRecord record = member_record();
    store::LimitsRecord limits;
    limits.rpm = limits.tpm = 1'000'000'000;
    limits.parallel = 1000;
    limits.max_nano = 1'000'000'000'000;
    record.limits = record.user.limits = record.team.limits = record.organization.limits =
        record.member = limits;
    return record;
}

inline std::optional<std::int64_t> nothing_spent(const store::Spender&,
                                                 const store::BudgetDuration&) {
    return 0;
}

inline std::shared_ptr<const Principal> principal_of(const store::KeyRecord& record,
                                                     SubjectTable& subjects,
                                                     const SpentOf& spent = nothing_spent,
                                                     const KeyTerms& terms = {}) {
    std::string why;
    auto made = make_principal(record, terms, subjects, spent, kNow, why);
    if (!made) throw std::runtime_error(why);
    return made;
}

}  // namespace patchbay::access::test
