// One count of a usage as providers write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay {

/// The count that a JSON value says: a whole number, one with a fraction, which is cut off (some
/// servers write 12.0), or either as text ("12"), which LiteLLM takes for the number as well: tokens
/// that are not counted are not paid. Nothing if it is negative, has an exponent, is beyond 64 bits,
/// or is anything else. Any bytes are safe; allocates nothing; any thread.
std::optional<std::uint64_t> token_count(std::string_view json);

}  // namespace patchbay
