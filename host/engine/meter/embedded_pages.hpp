// The memory of the table of prices in the binary.
#pragma once

namespace patchbay::meter {

/// Gives the pages of the table back that looking for prices has brought in, a megabyte and more: it is the
/// file's, and comes again when it is looked at. After a configuration was loaded.
void forget_embedded_prices();

}  // namespace patchbay::meter
