#include "engine/ledger/ledger_ring.hpp"

namespace patchbay {

void LedgerRing::append(const std::array<std::uint8_t, 16>& call, const LedgerEntry& entry,
                        const LedgerNames& names, const store::LedgerDebtors& debtors) {
    LedgerHead head;
    head.ring = ring_;
    head.epoch = epoch_;
    head.seq = seq_ + 1;
    head.call = call;
    head.debtors = debtors;
    head.entry = entry;
    std::array<char, kMostLedgerRecord> buffer;
    const std::size_t size = write_ledger_record(head, names, buffer);
    const std::array<std::string_view, 1> parts{std::string_view(buffer.data(), size)};
    // A number that was not written would be a gap.
    if (journal_->append(parts)) ++seq_;
}

}  // namespace patchbay
