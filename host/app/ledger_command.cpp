#include "app/ledger_command.hpp"

#include <filesystem>
#include <ostream>

#include "engine/meter/amount.hpp"
#include "store/ledger_store.hpp"

namespace patchbay::app {

bool check_ledger(const std::string& file, std::ostream& out) {
    if (!std::filesystem::exists(file)) {
        out << file << ": there is no such file\n";
        return false;
    }
    auto store = store::LedgerStore::open(file);
    if (!store) {
        out << file << ": " << store.error().text << '\n';
        return false;
    }
    const auto totals = store->totals();
    const auto violations = store->check();
    if (!totals || !violations) {
        out << file << ": " << (totals ? violations.error() : totals.error()).text << '\n';
        return false;
    }
    out << totals->entries << " entries in " << totals->batches << " batches: cost "
        << meter::dollars(totals->cost).view() << " $, charged "
        << meter::dollars(totals->charge).view() << " $\n";
    if (totals->poison > 0) out << totals->poison << " entries could not be posted (poison)\n";
    for (const store::Violation& violation : *violations) {
        out << "VIOLATED: " << violation.rule << ", at " << violation.where << '\n';
    }
    if (violations->empty()) out << "all rules hold\n";
    return violations->empty();
}

}  // namespace patchbay::app
