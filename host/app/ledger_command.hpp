// `patchbay ledger`: do the books agree; which entries are forgotten?
#pragma once

#include <iosfwd>
#include <string>

namespace patchbay::app {

enum class Books {
    agree,
    disagree,
    unreadable,  ///< nobody knows: the store is not there, or does not answer
};

/// Tells on `out` what is in the books of a store, a file or a URL as in `database_url`, and which of their rules do not
/// hold. The gateway may be writing to it meanwhile.
Books check_ledger(const std::string& place, std::ostream& out);

/// Closes the days before `from`, "2026-11-27", and takes their entries away (store/retention.hpp). False, with the reason
/// on `out`, if it is no day or one that has not begun, or the store cannot be written; what is closed stays closed, and
/// the same may be asked again.
bool close_ledger(const std::string& place, const std::string& from, std::ostream& out);

}  // namespace patchbay::app
