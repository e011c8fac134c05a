// POST /admin/plugins/...: commands that the control thread carries out.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/call.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

/// Hands the command on and answers when it is done. Without a master key it is refused: anyone
/// could give it.
boost::asio::awaitable<void> handle_plugin_command(Call& call, const Match& match);

}  // namespace patchbay::gateway
