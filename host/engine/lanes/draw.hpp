// The chances of one call.
#pragma once

#include <cstdint>

namespace patchbay {

/// A sequence of random numbers that one seed decides (splitmix64). The seed comes from the loop's
/// generator, which no client can foretell, and a seed that was noted gives the same decisions
/// again.
class Draw {
  public:
    explicit Draw(std::uint64_t seed) : state_(seed) {}

    /// 64 bits, all equally likely.
    std::uint64_t bits() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// In [0, 1).
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
    /// In [0, n); n > 0.
    std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>(((bits() >> 32) * n) >> 32);
    }

  private:
    std::uint64_t state_;
};

}  // namespace patchbay
