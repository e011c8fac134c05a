// What a program may ask of routing.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "engine/world/snapshot.hpp"

namespace patchbay::client {

/// "deployment": the one that a call of "model" would be sent to now, by what routing knows: {"id"}. Where there is none,
/// why: {"status", "exception", "message"}. Fallbacks are not looked at. It counts as a request of the minute where the
/// deployment has limits, as an attempt does; nothing else is learned from it. Any thread.
boost::json::value next_deployment(const Snapshot& world, const boost::json::object& about);

}  // namespace patchbay::client
