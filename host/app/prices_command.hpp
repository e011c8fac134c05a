// `patchbay prices import`: LiteLLM's price map into a table of prices.
#pragma once

#include <iosfwd>
#include <string>

namespace patchbay::app {

struct PricesImport {
    std::string map;    ///< a file: LiteLLM's model_prices_and_context_window.json
    std::string table;  ///< a file of docs/spend.md's form; it need not be there
    std::string from;   ///< the day from which new prices hold, "2026-11-27"; empty = today
    bool dry_run = false;
    bool strict = false;  ///< fields that look like prices and that nobody knows are an error
};

/// Tells on `out` what is new, what changes and by how much, what is gone, and what of the map was not
/// taken, and writes the table. False, with the reason on `out`, if a file cannot be read or written or the
/// map holds what it must not; then the table is as it was.
bool import_prices(const PricesImport& wanted, std::ostream& out);

}  // namespace patchbay::app
