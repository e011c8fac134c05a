// `patchbay ledger check`: do the books agree?
#pragma once

#include <iosfwd>
#include <string>

namespace patchbay::app {

/// Tells on `out` what is in the books of the store `file` and which of their rules do not hold. False if one
/// does not, or the store cannot be read. The gateway may be writing to it meanwhile.
bool check_ledger(const std::string& file, std::ostream& out);

}  // namespace patchbay::app
