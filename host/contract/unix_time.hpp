// The time of day, in the unit in which ledger, limits and store keep it.
#pragma once

#include <chrono>
#include <cstdint>

namespace patchbay {

/// Microseconds since 1970 by the machine's clock, which may be set back. Any thread.
inline std::int64_t unix_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace patchbay
