// `patchbay spend reprice`: what calls of the past cost at the prices that the tables have for their days, and the books corrected
// to it.
#pragma once

#include <iosfwd>
#include <string>

#include "engine/world/snapshot.hpp"
#include "store/address.hpp"

namespace patchbay::app {

struct RepriceAsk {
    std::string from,
        until;  ///< days, "2026-11-01", both of them within; empty: thirty days ago, today
    std::string model{};  ///< as the books have it; empty = all
    bool apply = false;   ///< else nothing is written
    bool json = false;
    store::Address store{};
};

/// Tells on `out` what changes, by day and model. False, with the reason on `out`, if the store or a price table cannot be
/// used; what was corrected before that stays so, and doing it again goes on from there.
bool reprice_spend(const RepriceAsk& ask, const Snapshot& world, std::ostream& out);

}  // namespace patchbay::app
