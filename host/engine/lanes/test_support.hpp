// What the tests of this folder share.
#pragma once

#include <cstdint>

namespace patchbay::test {

inline constexpr std::int64_t kSecond = 1'000'000'000;  ///< in nanoseconds

}  // namespace patchbay::test
