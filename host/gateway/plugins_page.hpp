// GET /admin/plugins: every plugin with its generations, and every file that was refused.
#pragma once

#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// JSON. Plugins are in the order of the snapshot; generations that only calls under way still hold
/// are told with their plugin.
Page plugins_page(const Snapshot& snapshot, const ReloadFailures* failures);

}  // namespace patchbay::gateway
