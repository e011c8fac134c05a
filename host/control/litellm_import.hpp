// Keys, teams, users, organizations, budgets, customers and tags of LiteLLM's database, taken into the store.
//
// A row is taken as if it came as the body of the management API: the same fields, checked in the same way. Keys are known
// by their hashes, so clients keep theirs. What was spent so far is posted as an opening (store/openings.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/foreign_rows.hpp"
#include "store/records.hpp"

namespace patchbay::control {

struct LitellmImport {
    bool dry_run = false;  ///< everything is done, and then taken back
    bool update = false;   ///< rows that are there already become as LiteLLM has them
    std::vector<std::string> guardrails{};  ///< that the configuration has; others stop calls
};

/// What became of LiteLLM's rows.
struct ImportReport {
    struct Count {
        std::int64_t taken = 0, updated = 0, there = 0, left = 0;
    };
    std::map<std::string, Count> counts;  ///< by kind: "key", "team member"
    /// A line for each row that is not there afterwards, or not all of it: "key sk-...abcd: is of a team that is not there:
    /// left out".
    std::vector<std::string> losses;
    std::int64_t opening = 0;  ///< nano-dollars that were posted, in all books
    std::string failure;       ///< why nothing was taken at all; empty if that is not so
};

/// Takes all rows or, on a failure of the store, none. Other changes of managed rows wait meanwhile.
ImportReport import_litellm(store::Records& records, const std::vector<store::ForeignRow>& rows,
                            const LitellmImport& how);

/// The tables that are asked for.
std::span<const std::string_view> litellm_tables();

}  // namespace patchbay::control
