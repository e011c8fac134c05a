// What a program may ask of prices.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "engine/world/snapshot.hpp"

namespace patchbay::client {

/// "model" of bay_client_look_up(): limits, mode, and the prices of today. Any thread.
boost::json::value model_facts(const Snapshot& world, const boost::json::object& about);

/// "cost" of bay_client_look_up(). An empty object: the model has no price. Any thread.
boost::json::value cost_of_usage(const Snapshot& world, const boost::json::object& about);

}  // namespace patchbay::client
