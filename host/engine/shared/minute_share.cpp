#include "engine/shared/minute_share.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

namespace patchbay {

std::int64_t MinuteShare::begin(const MinuteCount& count, std::uint32_t minute) {
    if (minute != minute_) {
        minute_ = minute;
        told_ = on_way_ = seen_ = 0;
        others_ = 0;
        first_ = true;
    }
    const std::uint32_t all = count.get(minute);
    // It began anew: the deployment was gone in between, or a call came with a minute that was over.
    if (all < others_) others_ = 0;
    const std::int64_t own = all - others_;
    on_way_ = own > told_ || falls_ ? own - told_ : 0;
    return on_way_;
}

std::string MinuteShare::key() const {
    constexpr std::uint32_t kHour = 60;
    constexpr std::uint32_t kDay = 24;
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%02u-%02u", minute_ / kHour % kDay, minute_ % kHour);
    return key_ + text.data();
}

void MinuteShare::lost() {
    if (on_way_ < 0) told_ += on_way_;
    on_way_ = 0;
}

void MinuteShare::answered(MinuteCount& count, std::int64_t sum, std::uint32_t minute) {
    // A sum that only grows never shrinks, and none is less than one's own part, unless the server has lost it: then all
    // is told again.
    const bool forgotten = sum < (falls_ ? told_ : seen_) + on_way_;
    told_ = forgotten ? on_way_ : told_ + on_way_;
    first_ = forgotten;
    on_way_ = 0;
    seen_ = sum;
    constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
    const std::int64_t others = std::clamp<std::int64_t>(sum - told_, 0, kMost);
    if (minute != minute_) return;
    const auto now = static_cast<std::uint32_t>(others);
    if (now > others_) {
        count.add(minute_, now - others_);
    } else if (now < others_ && falls_) {
        count.take_back(minute_, others_ - now);
    } else {
        return;
    }
    others_ = now;
}

}  // namespace patchbay
