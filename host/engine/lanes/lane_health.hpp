// What health checks say of a lane: that nobody should be sent there while somebody else is left.
#pragma once

#include "engine/lanes/lane_table.hpp"

namespace patchbay {

/// Did its last check not fail, or was that too long ago to tell?
inline bool is_healthy(LaneTable& table, LaneIndex lane, const Now& now) {
    return table.sick_until(lane).load(std::memory_order_relaxed) <= now.ns();
}

/// Its check failed; that counts until `until_ns` of the steady clock, unless it is checked again.
inline void set_sick(LaneTable& table, LaneIndex lane, std::int64_t until_ns) {
    if (table.sick_until(lane).exchange(until_ns, std::memory_order_relaxed) == 0) {
        table.sick().fetch_add(1, std::memory_order_relaxed);
    }
}

inline void set_healthy(LaneTable& table, LaneIndex lane) {
    if (table.sick_until(lane).exchange(0, std::memory_order_relaxed) != 0) {
        table.sick().fetch_sub(1, std::memory_order_relaxed);
    }
}

}  // namespace patchbay
