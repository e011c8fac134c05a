// A worker's way into the books: a copy into a mapped ring, before the last byte of an answer leaves.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "engine/ledger/ledger_record.hpp"
#include "engine/records/journal.hpp"

namespace patchbay {

/// Used on its worker's thread; the journal's reader is the ledger's thread.
class LedgerRing {
  public:
    /// Room that a call is given when it begins, so that what it costs can be written whatever becomes of it:
    /// enough for this many attempts with the longest names.
    static constexpr std::size_t kAttemptsOfPlace = 6;
    static constexpr std::size_t kPlace = kAttemptsOfPlace * (kMostLedgerRecord + 16);

    LedgerRing(std::unique_ptr<Journal> journal, std::array<std::uint8_t, 16> epoch,
               std::uint32_t ring)
        : journal_(std::move(journal)), epoch_(epoch), ring_(ring) {}

    /// Takes a place for a call. False: there is none, and the call must not begin.
    bool take_place() {
        if (journal_->room() < (places_ + 1) * kPlace) return false;
        ++places_;
        return true;
    }
    void give_back() { --places_; }

    /// One attempt; `call` is the same for all of a call's. What finds no room is lost and counted.
    void append(const std::array<std::uint8_t, 16>& call, const LedgerEntry& entry,
                const LedgerNames& names, const store::LedgerDebtors& debtors = {});

    Journal& journal() { return *journal_; }

  private:
    std::unique_ptr<Journal> journal_;
    std::array<std::uint8_t, 16> epoch_;
    std::uint32_t ring_;
    std::uint64_t seq_ = 0;
    std::size_t places_ = 0;
};

/// A place in a ring, given back at the end of its scope; of no ring it is always there.
class LedgerPlace {
  public:
    explicit LedgerPlace(LedgerRing* ring) : ring_(ring), taken_(!ring || ring->take_place()) {}
    ~LedgerPlace() {
        if (ring_ && taken_) ring_->give_back();
    }
    LedgerPlace(const LedgerPlace&) = delete;
    LedgerPlace& operator=(const LedgerPlace&) = delete;
    explicit operator bool() const { return taken_; }

  private:
    LedgerRing* ring_;
    bool taken_;
};

}  // namespace patchbay
