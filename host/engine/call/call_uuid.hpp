// UUIDs of calls, version 7 (RFC 9562): they begin with their time, so that an index of them grows at its end.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>

namespace patchbay {

using CallUuid = std::array<std::uint8_t, 16>;

/// Of a moment, in microseconds since 1970, of which it has a quarter; 62 bits are drawn.
CallUuid call_uuid(std::mt19937_64& random, std::int64_t unix_us);

/// "0193a2f4-5b6c-7d8e-9f00-112233445566".
std::string text_of(const CallUuid& id);

}  // namespace patchbay
