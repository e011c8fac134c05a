// A gateway's share of one window of a limit: when more is asked for, what is given back. A state machine without I/O.
//
// The server that gateways share by adds up, for each window, what each of them has told that it used, and the *share*
// that it was granted: what it may have used in the window in all. It grants only what is free:
//
//     free = limit - what was used before the gateways counted - sum over gateways of max(share, used)
//
// so shares never come to more than the limit. All that is sent are absolute sums, so what is said twice, or not heard,
// does no harm, and a server that has lost its data is told everything anew. A gateway asks ahead of need: when less
// than half of a part is left, where a part is what is left of the limit by twice the number of gateways. It gives back
// what is more than twice a part, and an idle one keeps an eighth of a part; it lowers its share first and tells then.
//
// A lease ends kLast after the gateway last asked: then only what it told of counts. One that was away for so long begins
// anew under another number, so that nothing is counted twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/shared/shared_count.hpp"

namespace patchbay {

/// What the server is told and asked. Sums are of this gateway under this number.
struct LeaseAsk {
    std::uint64_t window = 0, keep_s = 0;
    std::uint32_t life = 0;    ///< of the gateway in this window
    std::uint64_t number = 0;  ///< rises; what is not newer is not heard
    std::int64_t limit = 0;
    std::int64_t base = 0;  ///< used before the gateways counted
    bool knows = false;     ///< the server has said so
    bool restores = false;  ///< and that was before it lost its data
    std::int64_t posted = 0, used = 0, share = 0, need = 0;
    int parts =
        0;  ///< the share is filled up to what is left by these and the gateways; 0: to nothing
    std::int64_t nodes = 0;
    bool gauge = false;
};

struct LeaseAnswer {
    std::int64_t share = 0;  ///< at least that of the ask
    std::int64_t left = 0;   ///< of the limit; below 0: it was passed
    std::int64_t all = 0;    ///< used by all
    std::int64_t base = 0;
    std::string epoch;  ///< another one than before: the server has lost its data
};

/// Used on one thread.
class Lease {
  public:
    static constexpr std::int64_t kLast =
        60'000;  ///< ms that the server keeps a share without being asked
    static constexpr std::int64_t kRenew = 15'000;  ///< it is asked at least that often
    static constexpr std::int64_t kIdle = 5'000;    ///< so long unused, and a share is given back
    static constexpr std::int64_t kTell = 1'000;    ///< what was used is told at the latest
    static constexpr std::int64_t kOften = 100;     ///< and not more often, unless a share runs out
    static constexpr int kBusy = 2, kIdleParts = 16;

    /// What is to be asked now, if anything. One at a time: answered() or lost() comes before the next.
    std::optional<LeaseAsk> next(SharedCount& count, const CountState& state,
                                 const LeaseTerms& terms, const LeaseNow& now);
    /// The share as it is when the gateway ends: nothing.
    std::optional<LeaseAsk> leave(SharedCount& count, const CountState& state);
    /// The server has lost its data: it is told at the next look.
    void restore() { restores_ = true; }

    /// To the ask of this window. True: the share is larger.
    bool answered(SharedCount& count, std::uint64_t window, const LeaseAnswer& answer,
                  const LeaseNow& now);
    /// No answer came, and whether the server has heard is not known.
    void lost() { on_way_ = false; }
    /// The server is away. The share is at least this gateway's part of what was left when it was last heard.
    void away(SharedCount& count, const CountState& state, const LeaseTerms& terms);

    /// When the server answered of the window under way, in LeaseNow::ms; 0: not yet.
    std::int64_t answered_at() const { return answered_at_; }

  private:
    void begin(const CountState& state, const LeaseNow& now);
    bool is_due(const CountState& state, std::int64_t spare, std::int64_t part,
                const LeaseNow& now) const;
    LeaseAsk ask(const CountState& state);

    std::optional<std::uint64_t> window_;
    std::uint32_t life_ = 0;
    std::uint64_t number_ = 0;
    std::int64_t origin_ = 0;   ///< used in earlier lives
    std::int64_t told_ = 0;     ///< used, as the server has answered
    std::int64_t telling_ = 0;  ///< as it is told now
    std::int64_t share_sent_ = 0;
    std::int64_t seen_ = 0;  ///< used, at the last look
    std::optional<std::int64_t> base_;
    std::int64_t all_ = 0;    ///< used by all, as the server has said
    std::int64_t limit_ = 0;  ///< as it was told last
    std::int64_t left_ = 0;   ///< of the limit, at told_
    std::int64_t moved_at_ = 0, asked_at_ = 0, answered_at_ = 0;
    bool on_way_ = false, barren_ = false, restores_ = false, restoring_ = false;
};

}  // namespace patchbay
