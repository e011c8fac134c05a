#include "app/ledger_command.hpp"

#include <filesystem>
#include <ostream>

#include "engine/meter/amount.hpp"
#include "store/audit.hpp"
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
    const auto altered = store::check_audit(store->database());
    if (!totals || !violations || !altered) {
        const auto failure = !totals       ? totals.error()
                             : !violations ? violations.error()
                                           : altered.error();
        out << file << ": " << failure.text << '\n';
        return false;
    }
    out << totals->entries << " entries in " << totals->batches << " batches: cost "
        << meter::dollars(totals->cost).view() << " $, charged "
        << meter::dollars(totals->charge).view() << " $\n";
    if (totals->poison > 0) out << totals->poison << " entries could not be posted (poison)\n";
    for (const store::Violation& violation : *violations) {
        out << "VIOLATED: " << violation.rule << ", at " << violation.where << '\n';
    }
    if (*altered) {
        out << "VIOLATED: the audit log is as it was written, at " << **altered << '\n';
    }
    const bool good = violations->empty() && !*altered;
    if (good) out << "all rules hold\n";
    return good;
}

}  // namespace patchbay::app
