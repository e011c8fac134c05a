// Points in time as sinks want them written.
#pragma once

#include <string>

namespace patchbay::sink {

/// Seconds since 1970 as "2026-11-25T22:33:36.123456Z" (ISO 8601, UTC).
std::string iso8601(double seconds);

/// Seconds since 1970 as a decimal number of nanoseconds, exact to the microsecond; at most what 64
/// bits have room for, in the year 2554.
std::string unix_nanos(double seconds);

}  // namespace patchbay::sink
