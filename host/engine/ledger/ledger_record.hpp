// What a worker leaves of a call for the books: a head, what each attempt used and costs, and names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/records/ledger_entry.hpp"
#include "store/ledger_counters.hpp"
#include "store/ledger_debtors.hpp"

namespace patchbay {

/// Of one attempt. Views; those that are longer than kMostText are cut.
struct LedgerNames {
    static constexpr std::size_t kMostText = 255;

    std::string_view client_call;  ///< the call's id, which the client may have chosen
    std::string_view key;          ///< who owes it
    std::string_view model_group;
    std::string_view model;
    std::string_view deployment;
    std::string_view provider;
    std::string_view route;
    std::string_view customer;
    std::string_view counters{};  ///< packed: store/ledger_counters.hpp; kMostCounterBytes at most
};
inline constexpr std::size_t kLedgerTexts = 8;

/// The beginning of a record; as it lies in a ring, little-endian, without padding.
struct LedgerHead {
    static constexpr std::uint32_t kMagic = 0x3352474c;            ///< "LGR3"
    static constexpr std::uint32_t kWithoutCounters = 0x3252474c;  ///< "LGR2", of programs before

    std::uint32_t magic = kMagic;
    std::uint32_t ring = 0;
    std::array<std::uint8_t, 16> epoch{};  ///< of the process that wrote it
    std::uint64_t seq = 0;                 ///< of this ring in this process, from 1 on, no gaps
    std::array<std::uint8_t, 16> call{};   ///< made here; the same for all attempts of a call
    store::LedgerDebtors debtors;
    LedgerEntry entry;
};
static_assert(std::has_unique_object_representations_v<LedgerHead>);

/// A record taken apart; the names view into it.
struct LedgerRecord {
    LedgerHead head;
    LedgerNames names;
};

/// The most bytes that a record has.
inline constexpr std::size_t kMostLedgerRecord =
    sizeof(LedgerHead) + kLedgerTexts * (1 + LedgerNames::kMostText) + store::kMostCounterBytes;

/// Writes a record into `buffer`; the bytes used.
std::size_t write_ledger_record(const LedgerHead& head, const LedgerNames& names,
                                std::span<char, kMostLedgerRecord> buffer);

/// nullopt if the bytes are no record of this build, nor of one before that could not name counters.
std::optional<LedgerRecord> read_ledger_record(std::string_view bytes);

}  // namespace patchbay
