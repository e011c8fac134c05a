// What an attempt of the past costs at the prices that the tables have for its day.
//
// What was used is known; what the call was besides (a faster mode, a region) is not all in the books. So the price that the
// entry was made with is looked for in the tables, and the circumstances are those with which it makes what the entry says.
// An entry that no price of the tables explains, that of a deployment with prices of its own for example, is left alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/shape/usage.hpp"
#include "engine/meter/cost.hpp"
#include "engine/meter/price_book.hpp"

namespace patchbay::meter {

/// An attempt as the books have it. Views.
struct PastAttempt {
    Usage usage{};
    ServiceTier tier = ServiceTier::untold;
    std::int64_t status = 0;
    std::int64_t ended_us = 0;  ///< microseconds since 1970
    std::uint64_t price = 0;    ///< the card's id; 0 = it had none
    Amount cost = 0, charge = 0;
    std::string_view provider{};
    std::vector<std::string>
        models{};  ///< names under which it may have a price, the likeliest first
    std::string_view region{};
    Terms terms{};  ///< of its deployment
};

struct NewPrice {
    enum class Outcome {
        known,     ///< the amounts are what it costs; they may be those it has
        foreign,   ///< its price is in no table
        unlike,    ///< its price is there and does not make what the entry says
        unpriced,  ///< the tables have no price for it on its day
    };
    Outcome outcome = Outcome::unpriced;
    std::uint64_t price = 0;
    Amount cost = 0, charge = 0;
};

/// One thread at a time.
class Repricer {
  public:
    /// `own` is the operator's table, in which nothing is wrong; it may be empty.
    explicit Repricer(const std::string& own);

    NewPrice price(const PastAttempt& attempt);

  private:
    using Card = std::shared_ptr<const RateCard>;
    enum Tables { both, bundled };
    Card on(Tables tables, std::size_t day, const PastAttempt& attempt);

    std::vector<std::string> days_;  ///< on which some price begins, rising
    /// The prices of each; those that come with the program also as they were before the operator had a table.
    std::vector<PriceBook> books_, bundled_;
    std::map<std::string, Card, std::less<>> cards_;
};

}  // namespace patchbay::meter
