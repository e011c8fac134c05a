// What a call was given of its key's limits, and gives back when it is over.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <boost/container/static_vector.hpp>

#include "contract/error.hpp"
#include "engine/access/principal.hpp"

namespace patchbay::access {

/// What a call asks for.
struct GrantAsk {
    std::string_view model;     ///< the name that limits by model have
    std::uint32_t tokens = 0;   ///< that it may use, estimated
    meter::Amount most = 0;     ///< that it can cost
    std::int64_t now = 0;       ///< microseconds since 1970
    std::uint32_t seconds = 0;  ///< RateWindow's clock
};

/// Of one call; on its loop. Allocates nothing, takes no lock. What is not settled when it ends is settled as a
/// call that cost nothing.
class Grant {
  public:
    /// Of a key, its user, team, member and organization, and of the key and the team with one model.
    static constexpr std::size_t kMost = 8;

    Grant() = default;
    ~Grant();
    Grant(const Grant&) = delete;
    Grant& operator=(const Grant&) = delete;

    /// Asks all limits that concern the call, budgets first. On an Error nothing was taken. Once.
    std::optional<Error> take(std::shared_ptr<const Principal> principal, const GrantAsk& ask);

    /// What the call has really cost, and the tokens that count for its rates. Nothing the second time.
    /// The subject whose soft budget was passed by it; nullptr: none.
    const Subject* settle(meter::Amount charge, std::int64_t tokens, std::int64_t now,
                          std::uint32_t seconds);

  private:
    struct Held {
        const Principal::Limited* limited = nullptr;
        RateWindow::Taken request{}, tokens{};
        bool parallel = false, reserved = false;
        Allowance::Verdict how = Allowance::Verdict::in;
    };
    std::optional<Error> take_budget(Held& held, const GrantAsk& ask);
    std::optional<Error> take_rates(Held& held, const GrantAsk& ask);
    void give_back(std::int64_t now, std::uint32_t seconds);

    std::shared_ptr<const Principal> principal_;
    boost::container::static_vector<Held, kMost> held_;
    std::uint32_t tokens_ = 0;
    meter::Amount most_ = 0;
};

/// Does the principal have a budget, so that what a call can cost must be known?
bool has_budget(const Principal& principal);
/// Likewise a limit of tokens.
bool has_token_limit(const Principal& principal);

}  // namespace patchbay::access
