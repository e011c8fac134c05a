// What a call was given of the limits that concern it, and gives back when it is over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "contract/error.hpp"
#include "engine/access/limits.hpp"

namespace patchbay::access {

/// What a call asks for.
struct GrantAsk {
    ModelNames model;           ///< the names that limits by model have
    std::uint32_t tokens = 0;   ///< that it may use, estimated
    meter::Amount most = 0;     ///< that it can cost
    bool free = false;          ///< it costs nothing, so that no budget keeps it out
    std::int64_t now = 0;       ///< microseconds since 1970
    std::uint32_t seconds = 0;  ///< RateWindow's clock
};

/// A budget of which a call's charge has passed a bound. The grant keeps what it points to.
struct Crossing {
    const Limits* of;
    const Subject* subject;
    std::uint8_t bounds;  ///< Allowance::Crossed
};

/// Of one call; on its loop. Takes no lock, and allocates nothing unless a customer, tags, or budgets by model or
/// of several periods concern the call. What is not settled when it ends is settled as a call that cost nothing.
class Grant {
  public:
    using Sources = std::span<const std::shared_ptr<const Limits>>;
    using Crossings = boost::container::small_vector<Crossing, 1>;

    Grant() = default;
    ~Grant();
    Grant(const Grant&) = delete;
    Grant& operator=(const Grant&) = delete;

    /// Asks all limits that concern the call, budgets first. On an Error nothing was taken. Once.
    std::optional<Error> take(Sources sources, const GrantAsk& ask);

    /// It was let in only because it costs nothing: a budget is used up, or reserved.
    bool only_free() const { return only_free_; }

    /// The call goes on with another model: asks the limits by model that concern that one and not the one before,
    /// and leaves those of which it is the other way round, but for the request that they have counted. False: one
    /// of them refuses, and all stays as it is.
    bool turn_to(const GrantAsk& ask);
    /// As if take() had not been asked. Before settle().
    void give_back(std::int64_t now, std::uint32_t seconds) { give_back(0, now, seconds); }

    /// What the call has really cost, and the tokens that count for its rates. Nothing the second time.
    Crossings settle(meter::Amount charge, std::int64_t tokens, std::int64_t now,
                     std::uint32_t seconds);

    /// Calls `take` with the name of each counter that the call is posted to, until it is settled.
    template <class Take>
    void each_counter(Take take) const {
        for (const Held& held : held_) {
            if (!held.limited->counter.empty()) take(std::string_view(held.limited->counter));
        }
    }

  private:
    struct Held {
        const Limits* of = nullptr;
        const Limited* limited = nullptr;
        RateWindow::Taken request{}, tokens{};
        bool parallel = false, reserved = false;
        Allowance::Verdict how = Allowance::Verdict::in;
        meter::Amount most = 0;  ///< that is reserved
    };
    std::optional<Error> take_budget(Held& held, const GrantAsk& ask);
    std::optional<Error> take_rates(Held& held, const GrantAsk& ask);
    std::optional<Error> take(std::span<Held> helds, const GrantAsk& ask);
    /// Gives back all but the request that was counted.
    void leave(const Held& held, std::int64_t now, std::uint32_t seconds);
    void give_back(std::size_t from, std::int64_t now, std::uint32_t seconds);

    /// A key's, a customer's; of a key, its user, team, member and organization, the key and the team with a model.
    static constexpr std::size_t kSources = 2, kUsual = 8;
    boost::container::small_vector<std::shared_ptr<const Limits>, kSources> sources_;
    boost::container::small_vector<Held, kUsual> held_;
    std::uint32_t tokens_ = 0;
    bool only_free_ = false;
};

}  // namespace patchbay::access
