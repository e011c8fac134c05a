// One count of a deployment's minute (its rpm, say), shared by several gateways. No I/O.
//
// The gateway's own count, which routing reads, is made to hold what all of them used: what the others used is added to
// it, and how much that was is remembered here, so that the difference is this gateway's own. The server holds the sum;
// it is told differences, and answers with the sum. So nothing on a call's way knows that there are others.
#pragma once

#include <cstdint>
#include <string>

#include "engine/lanes/minute_count.hpp"

namespace patchbay {

/// Used on one thread; the counts are every thread's.
class MinuteShare {
  public:
    /// Does anybody take back what was counted (`itpm`, `otpm`)?
    enum class Sum { grows, may_fall };

    /// `key` is LiteLLM's name of the count, up to the minute.
    explicit MinuteShare(std::string key, Sum sum = Sum::grows)
        : key_(std::move(key)), falls_(sum == Sum::may_fall) {}

    /// What the server must be told of this minute, below 0 what it must take back; 0: nothing, its sum is to be read.
    /// One at a time: answered() or lost() comes before the next.
    std::int64_t begin(const MinuteCount& count, std::uint32_t minute);
    /// Is it the first time in this minute, or since the server forgot it? Then it must learn when to forget.
    bool first() const { return first_; }
    /// The key of the minute of begin(), "...:21-20" in UTC.
    std::string key() const;

    /// The server's sum, after what it was told. `minute` is the one that it is now: of one that is over nothing is
    /// counted any more.
    void answered(MinuteCount& count, std::int64_t sum, std::uint32_t minute);
    /// No answer came, and whether the server has heard is not known. It is told again, but what it was to take back is
    /// not, so a limit may come too early by that, and never too late.
    void lost();

  private:
    std::string key_;
    std::uint32_t minute_ = 0;
    std::int64_t told_ = 0;     ///< of this gateway's own, that the server has
    std::uint32_t others_ = 0;  ///< of the others, that were added to the count
    std::int64_t on_way_ = 0;
    std::int64_t seen_ = 0;  ///< the server's sum
    bool first_ = true;
    bool falls_;
};

}  // namespace patchbay
