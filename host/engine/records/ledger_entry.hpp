// What one attempt of a call used, and what it costs.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "contract/shape/usage.hpp"
#include "engine/meter/cost.hpp"

namespace patchbay {

/// A plain struct without padding or pointers, as it stands in a mapped ring: little-endian, read
/// by the process that wrote it or by the next one of the same build. An attempt has one, whatever
/// became of it, and it is written before the last byte of the answer leaves.
struct LedgerEntry {
    // Of flags:
    static constexpr std::uint32_t kEstimated = 1;  ///< the provider did not tell it all
    static constexpr std::uint32_t kUnpriced = 2;   ///< something used has no price
    static constexpr std::uint32_t kAssumed = 4;    ///< a rate was worked out (meter/rate_card.hpp)
    static constexpr std::uint32_t kAbsurd = 8;     ///< counts that nobody can have used: no charge

    static constexpr std::uint32_t kCacheHit = 16;  ///< the response cache answered: no charge

    std::int64_t started_us = 0;  ///< microseconds since 1970
    std::int64_t ended_us = 0;    ///< likewise
    std::uint32_t attempt = 0;    ///< of the call, from 1
    std::uint32_t status = 0;     ///< HTTP status: 200, that of its error, 499 if the client left
    std::uint32_t flags = 0;
    std::uint32_t tier = 0;  ///< ServiceTier: that served, else that was asked for
    std::array<std::uint64_t, kUsageCounts.size()> usage{};  ///< in the order of kUsageCounts

    // Money, in nano-dollars (meter/cost.hpp says what each is).
    std::uint64_t price = 0;  ///< id of the card; 0 = none
    std::array<meter::Amount, meter::kParts> parts{};
    meter::Amount reasoning = 0;
    meter::Amount original = 0;
    meter::Amount cost = 0;
    meter::Amount charge = 0;
    meter::Amount margin_fixed = 0;
    std::uint32_t discount_ppm = 0;
    std::uint32_t margin_ppm = 0;

    Usage counts() const {
        Usage counts;
        for (std::size_t i = 0; i < usage.size(); ++i) counts.*kUsageCounts[i] = usage[i];
        return counts;
    }
    bool operator==(const LedgerEntry&) const = default;
};

static_assert(std::is_trivially_copyable_v<LedgerEntry> &&
              std::has_unique_object_representations_v<LedgerEntry>);

}  // namespace patchbay
