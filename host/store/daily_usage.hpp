// What the books say of a day's usage, by provider and model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/database.hpp"

namespace patchbay::store {

struct DailyUsage {
    std::int64_t day = 0;  ///< counted from 1970, in UTC; that on which calls began
    std::string provider, model;
    std::int64_t requests = 0, prompt = 0, completion = 0;
    std::int64_t cost = 0;  ///< nano-dollars that the provider takes
};

/// Of these days, both of them within; in the order of days, providers and models.
Stored<std::vector<DailyUsage>> daily_usage(Database& database, std::int64_t first,
                                            std::int64_t last);

}  // namespace patchbay::store
