#include "app/import_command.hpp"

#include <chrono>
#include <ostream>

#include "control/litellm_import.hpp"
#include "engine/meter/amount.hpp"

namespace patchbay::app {

namespace {

constexpr std::chrono::hours kImportPatience{1};  // for one question about all rows there are

// LiteLLM's tables are in the schema `public` unless its URL says otherwise.
store::Address source_of(const std::string& url) {
    if (url.find("schema=") != std::string::npos) return store::Address::read(url);
    return store::Address::read(url + (url.find('?') == std::string::npos ? '?' : '&') +
                                "schema=public");
}

bool failed(const store::Address& where, const std::string& why, std::ostream& out) {
    out << where.shown() << ": " << why << "; nothing was taken\n";
    return false;
}

void tell(const control::ImportReport& report, std::ostream& out) {
    for (const auto& [kind, count] : report.counts) {
        out << kind << ": " << count.taken << " taken";
        if (count.updated > 0) out << ", " << count.updated << " updated";
        if (count.there > 0) out << ", " << count.there << " were there";
        if (count.left > 0) out << ", " << count.left << " left out";
        out << '\n';
    }
    for (const std::string& loss : report.losses) out << loss << '\n';
    out << "spent before, in all books together: " << meter::dollars(report.opening).view()
        << " $ posted\n";
}

}  // namespace

bool import_from_litellm(const ImportAsk& ask, std::ostream& out) {
    const std::string& url = ask.from.empty() ? ask.store_url : ask.from;
    if (ask.store.empty()) {
        out << "the configuration has no general_settings.database_url\n";
        return false;
    }
    if (!store::Address::read(url).is_server()) {
        out << "--from is the URL of LiteLLM's database: "
               "postgresql://user:password@host/database\n";
        return false;
    }
    const store::Address from = source_of(url);
    auto database = store::Database::open(from, store::Access::read_only);
    if (!database) return failed(from, database.error().text, out);
    database->within(kImportPatience);
    const auto rows = store::foreign_rows(*database, control::litellm_tables());
    if (!rows) return failed(from, rows.error().text, out);
    if (rows->empty()) {
        return failed(from, "there are no rows of LiteLLM's in the schema " + from.schema(), out);
    }
    auto records = store::Records::open(ask.store, std::string(ask.hmac_key.reveal()));
    if (!records) return failed(ask.store, records.error().text, out);
    const auto report =
        control::import_litellm(*records, *rows, {ask.dry_run, ask.update, ask.guardrails});
    if (!report.failure.empty()) return failed(ask.store, report.failure, out);
    tell(report, out);
    if (ask.dry_run) out << "nothing was written (--dry-run)\n";
    return true;
}

}  // namespace patchbay::app
