// From a request's route to its answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/routes.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Answers with why the request is refused, with a page, or runs a call to a model if there is room
/// for one more.
boost::asio::awaitable<void> serve(Served& served, const Match& match);

/// Refuses in the words of the API that the request is for.
boost::asio::awaitable<void> refuse_request(Served& served, const Match& match, const Error& error);

/// Why a request is refused that has no route.
Error no_route(const Request& request);

}  // namespace patchbay::gateway
