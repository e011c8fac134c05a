#include "app/ledger_command.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <ostream>

#include "app/days.hpp"
#include "engine/meter/amount.hpp"
#include "store/audit.hpp"
#include "store/ledger_store.hpp"
#include "store/retention.hpp"

namespace patchbay::app {

namespace {

constexpr std::chrono::hours kLedgerPatience{1};  // for one question about all entries there are

// Nothing, with the reason on `out`, if it is not there or cannot be used.
std::optional<store::LedgerStore> open_ledger(const std::string& place, std::ostream& out) {
    const auto address = store::Address::read(place);
    if (!address.is_server() && !std::filesystem::exists(address.file())) {
        out << address.shown() << ": there is no such file\n";
        return std::nullopt;
    }
    auto store = store::LedgerStore::open(address);
    if (!store) {
        out << address.shown() << ": " << store.error().text << '\n';
        return std::nullopt;
    }
    store->database().within(kLedgerPatience);
    return std::move(*store);
}

std::string shown(const std::string& place) {
    return store::Address::read(place).shown();
}

}  // namespace

Books check_ledger(const std::string& place, std::ostream& out) {
    auto store = open_ledger(place, out);
    if (!store) return Books::unreadable;
    const auto totals = store->totals();
    const auto violations = store->check();
    const auto altered = store::check_audit(store->database());
    if (!totals || !violations || !altered) {
        const auto failure = !totals       ? totals.error()
                             : !violations ? violations.error()
                                           : altered.error();
        out << shown(place) << ": " << failure.text << '\n';
        return Books::unreadable;
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
    return good ? Books::agree : Books::disagree;
}

bool close_ledger(const std::string& place, const std::string& from, std::ostream& out) {
    const auto first = read_day(from);
    if (!first || *first > today()) {
        out << "--from is the first day that is kept, like 2026-11-27, and not one to come\n";
        return false;
    }
    auto store = open_ledger(place, out);
    if (!store) return false;
    const auto before = store->totals();
    auto done = store::close_days(store->database(), *first - 1);
    store::Stored<bool> more = true;
    while (done && more && *more) more = store::forget_entries(store->database());
    const auto after = store->totals();
    if (!done || !more || !before || !after) {
        const auto failure = !done     ? done.error()
                             : !more   ? more.error()
                             : !before ? before.error()
                                       : after.error();
        out << shown(place) << ": " << failure.text << '\n';
        return false;
    }
    out << before->entries - after->entries << " entries are forgotten, " << after->entries
        << " are left; their sums stay\n";
    return true;
}

}  // namespace patchbay::app
