// `patchbay ledger`: do the books agree; which entries are forgotten?
#pragma once

#include <iosfwd>
#include <string>

namespace patchbay::app {

/// Tells on `out` what is in the books of a store, a file or the URL of a server, and which of their rules do not hold.
/// False if one does not, or the store cannot be read. The gateway may be writing to it meanwhile.
bool check_ledger(const std::string& place, std::ostream& out);

/// Closes the days before `from`, "2026-11-27", and takes their entries away (store/retention.hpp). False, with the reason
/// on `out`, if it is no day or one that has not begun, or the store cannot be written; what is closed stays closed, and
/// the same may be asked again.
bool close_ledger(const std::string& place, const std::string& from, std::ostream& out);

}  // namespace patchbay::app
