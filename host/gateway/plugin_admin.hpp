// POST /admin/plugins/...: commands that the control thread carries out.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/routes.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Hands the command on and answers when it is done. Without a master key it is refused: anyone
/// could give it.
boost::asio::awaitable<void> handle_plugin_command(Served& served, const Match& match);

}  // namespace patchbay::gateway
