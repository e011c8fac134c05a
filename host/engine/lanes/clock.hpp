// The time as routing sees it: read once for each event, by who drives it.
#pragma once

#include <chrono>
#include <cstdint>

#include "engine/coarse_clock.hpp"

namespace patchbay {

/// Two clocks read at one moment. Nothing below the driver reads a clock, so that tests and
/// simulations say what time it is.
struct Now {
    std::chrono::steady_clock::time_point steady{};
    std::int64_t unix_ms = 0;

    /// Minutes since 1970: limits count the clock's minutes (UTC), as LiteLLM's.
    std::uint32_t minute() const { return static_cast<std::uint32_t>(unix_ms / 60'000); }
    std::int64_t ns() const { return steady.time_since_epoch().count(); }

    static Now read() { return at(std::chrono::steady_clock::now()); }
    /// For a steady clock that was read just now.
    static Now at(std::chrono::steady_clock::time_point steady) {
        return {steady, coarse_unix_us() / 1'000};
    }
};

}  // namespace patchbay
