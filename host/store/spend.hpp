// What was spent, read from the books.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/database.hpp"
#include "store/subjects.hpp"

namespace patchbay::store {

/// Nano-dollars that a subject owes, ever; `id` is its row's.
Stored<std::int64_t> spent(Database& database, Subject subject, std::int64_t id);

/// The same of several rows; each of them is in the answer.
Stored<std::map<std::int64_t, std::int64_t>> spent_each(Database& database, Subject subject,
                                                        std::span<const std::int64_t> ids);

/// Nano-dollars that a user's keys in a team owe, ever; both are rows.
Stored<std::int64_t> spent_by_member(Database& database, std::int64_t team, std::int64_t user);

/// Nano-dollars of all calls.
Stored<std::int64_t> spent(Database& database);

/// One group of the books: its sums.
struct SpendGroup {
    std::string name;
    std::int64_t charge = 0, requests = 0, prompt = 0, completion = 0;
};
enum class GroupBy { model, provider, day };
/// The groups with the highest charge first, days in their order; at most `limit`.
Stored<std::vector<SpendGroup>> spent_by(Database& database, GroupBy by, std::int64_t limit);

/// Nano-dollars of a counter (ledger_counters.hpp), ever.
Stored<std::int64_t> spent_counter(Database& database, std::string_view counter);

/// Customers that calls have named, those with the highest charge first; told of them is the same as of tags.
Stored<std::vector<SpendGroup>> spent_by_customer(Database& database, std::int64_t limit);
/// Nano-dollars of one of them, ever; nullopt: no call has named it.
Stored<std::optional<std::int64_t>> spent_for(Database& database, std::string_view customer);

struct TagAsk {
    std::int64_t from = 0, until = INT64_MAX;  ///< microseconds since 1970, when it was posted
    std::int64_t limit = 10'000;
};
/// Tags with the highest charge first. Of a group the name, the charge and the number of attempts are told.
Stored<std::vector<SpendGroup>> spent_by_tag(Database& database, const TagAsk& ask);

/// Attempts, as /spend/logs shows them.
struct SpendLog {
    std::string request, key_hash, model, model_group, deployment, provider, route, customer, user,
        team;
    std::int64_t status = 0, started = 0, ended = 0, prompt = 0, completion = 0, charge = 0;
};
struct LogAsk {
    std::optional<std::string> key_hash{};       ///< hex
    std::optional<std::int64_t> user{}, team{};  ///< the rows of those that owe it
    std::optional<std::string> request{};        ///< the call's id
    std::optional<std::string> customer{};       ///< `user` of the request
    std::optional<std::string> model{}, model_group{}, deployment{};
    std::optional<std::int64_t> least{}, most{};  ///< nano-dollars of the charge
    std::optional<bool> failed{};
    std::int64_t from = 0, until = INT64_MAX;  ///< microseconds since 1970; `until` is not within
    std::int64_t limit = 10'000, offset = 0;
    std::int64_t count_up_to = 10'000;  ///< more are not counted
};
struct SpendLogs {
    std::vector<SpendLog> rows;  ///< newest first
    std::int64_t total = 0;      ///< of all pages, at most count_up_to
};
Stored<SpendLogs> spend_logs(Database& database, const LogAsk& ask);

}  // namespace patchbay::store
