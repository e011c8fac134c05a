// How many bytes of files a request may fetch, and all requests of a loop may hold.
#pragma once

#include <cstdint>

namespace patchbay {

/// Of one request; gives back what it took when it goes. `held` is what all requests of the loop have taken, and
/// outlives them. On that loop's thread.
class LinkBudget {
  public:
    /// Of all requests of a loop together: a small request may name large files.
    static constexpr std::uint64_t kMostHeld = 512ULL * 1024 * 1024;

    enum class Taken { yes, too_large, too_many };

    LinkBudget(std::uint64_t bytes, std::uint64_t& held) : left_(bytes), held_(held) {}
    LinkBudget(const LinkBudget&) = delete;
    LinkBudget& operator=(const LinkBudget&) = delete;
    ~LinkBudget() { held_ -= taken_; }

    Taken take(std::uint64_t bytes) {
        if (bytes > left_) return Taken::too_large;
        if (bytes > kMostHeld - held_) return Taken::too_many;
        left_ -= bytes;
        held_ += bytes;
        taken_ += bytes;
        return Taken::yes;
    }

  private:
    std::uint64_t left_;
    std::uint64_t taken_ = 0;
    std::uint64_t& held_;
};

}  // namespace patchbay
