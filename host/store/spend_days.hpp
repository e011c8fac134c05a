// What each day cost, by key, user and model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace patchbay::store {

/// What a key's calls of a model cost on a day.
struct SpendDay {
    std::int64_t day = 0;  ///< counted from 1970, in UTC; that on which calls began
    std::string key_hash;  ///< hex; empty: the master key
    std::string user;      ///< whose key it is now, or was when it was deleted; empty: nobody's
    std::string model;
    std::int64_t charge = 0;  ///< nano-dollars
};

struct SpendDayAsk {
    std::int64_t first = 0, last = 0;  ///< days, both of them within
    std::optional<std::string> key_hash{};
    std::optional<std::string> user{};
};

/// From the sums of days, which outlast the entries; in the order of days.
Stored<std::vector<SpendDay>> spent_by_day(Database& database, const SpendDayAsk& ask);

}  // namespace patchbay::store
