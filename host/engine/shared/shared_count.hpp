// One count with a limit that gateways share: what is spent of a budget, used of a minute's rate, or under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace patchbay {

/// The instant of a look.
struct LeaseNow {
    std::int64_t ms = 0;        ///< of a clock that never jumps
    std::uint32_t seconds = 0;  ///< RateWindow's clock
    std::int64_t unix_us = 0;
};

/// What the gateways have agreed on, for all counts.
struct LeaseTerms {
    std::int64_t nodes = 0;   ///< gateways, this one too; 0: not known yet
    std::uint32_t ahead = 0;  ///< of RateWindow's clock, the server's
};

/// How a count stands in a window. Units are the count's.
struct CountState {
    std::uint64_t window = 0;  ///< which one
    std::int64_t limit = 0;    ///< of all gateways together
    std::int64_t used = 0;     ///< here in this window
    std::int64_t held = 0;     ///< taken here and not used yet
    std::int64_t share = 0;    ///< that `used` and `held` may come to here
    std::int64_t known = 0;    ///< used by all, as far as is known here without the server
    std::int64_t posted = 0;   ///< used by all, as the store has it
    std::int64_t need =
        0;  ///< more than was left of the share was wanted, this much; 0: it was not
    std::uint64_t keep_s = 150;  ///< how long the server keeps the window after it last heard of it
    bool wanted = false;         ///< a share is wanted though nothing was used
    bool gauge = false;          ///< what is under way: it is forgotten with the gateway
};

/// Looked at and set on one thread; counted on any.
class SharedCount {
  public:
    /// `name`: the same at all gateways, of 32 hexadecimal digits.
    explicit SharedCount(std::string name) : name_(std::move(name)) {}
    virtual ~SharedCount() = default;
    SharedCount(const SharedCount&) = delete;
    SharedCount& operator=(const SharedCount&) = delete;

    const std::string& name() const { return name_; }
    /// Nobody counts here any more.
    virtual bool gone() const = 0;
    /// Sharing begins, or its terms have changed.
    virtual void use(const LeaseTerms& terms, const LeaseNow& now) = 0;
    /// nullopt: there is nothing to share now.
    virtual std::optional<CountState> look(const LeaseNow& now) = 0;
    /// The share of a window from now on. Nothing if another one has begun.
    virtual void set_share(std::uint64_t window, std::int64_t share) = 0;
    /// Likewise a smaller one. What holds: it is larger if more was taken meanwhile.
    virtual std::int64_t lower_share(std::uint64_t window, std::int64_t share) = 0;
    /// What the others have used in a window, and all together.
    virtual void hear(std::uint64_t window, std::int64_t others, std::int64_t all) = 0;

  private:
    std::string name_;
};

}  // namespace patchbay
