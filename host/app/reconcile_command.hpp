// `patchbay reconcile FILE`: what a provider says was used, beside what the books say.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "store/address.hpp"

namespace patchbay::app {

struct ReconcileAsk {
    std::vector<std::string> files{};  ///< usage_export.hpp; all of one provider
    bool json = false;
    store::Address store{};
};

enum class Reconciled { same, different, failed };

/// Tells on `out` the days and models on which the two differ, or why it cannot be known.
Reconciled reconcile(const ReconcileAsk& ask, std::ostream& out);

}  // namespace patchbay::app
