// POST /chat/completions: from a client's request to a provider's answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/call.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

/// Scans the request, finds its model group, tries deployments until one answers (LiteLLM's
/// num_retries), and sends the answer or an error. Once anything of an answer was sent there is no
/// other attempt.
boost::asio::awaitable<void> handle_chat(Call& call, const Match& match);

}  // namespace patchbay::gateway
