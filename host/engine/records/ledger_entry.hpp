// What one attempt of a call used: the entry from which money is computed.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "contract/shape/usage.hpp"

namespace patchbay {

/// A plain struct without padding or pointers, as it stands in a mapped ring: little-endian, read
/// by the process that wrote it or by the next one of the same build. An attempt has one, whatever
/// became of it, and it is written before the last byte of the answer leaves.
struct LedgerEntry {
    static constexpr std::uint32_t kEstimated = 1;  ///< of flags: the provider did not tell it all

    std::int64_t started_us = 0;  ///< microseconds since 1970
    std::int64_t ended_us = 0;    ///< likewise
    std::uint32_t attempt = 0;    ///< of the call, from 1
    std::uint32_t status = 0;     ///< HTTP status: 200, that of its error, 499 if the client left
    std::uint32_t flags = 0;
    std::uint32_t reserved = 0;                              ///< 0; so that nothing is padding
    std::array<std::uint64_t, kUsageCounts.size()> usage{};  ///< in the order of kUsageCounts

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
