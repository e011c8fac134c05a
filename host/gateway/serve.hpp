// From a request's route to its answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/routes.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Answers with why the request is refused, with a page, or runs a call to a model if there is room
/// for one more.
boost::asio::awaitable<void> serve(Served& served, const Match& match);

/// Why a request is refused that has no route.
Error no_route(const Request& request);

}  // namespace patchbay::gateway
