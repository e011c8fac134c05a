// The deltas of a stream put together.
#pragma once

#include <boost/json/object.hpp>

namespace patchbay::shared {

/// Adds a delta to the whole message that deltas make together: texts are joined, lists grow, objects
/// are added likewise, and of anything else the first holds.
void add_delta(boost::json::object delta, boost::json::object& message);

}  // namespace patchbay::shared
