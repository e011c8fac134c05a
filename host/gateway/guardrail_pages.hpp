// LiteLLM's endpoints about guardrails: which there are, and one asked about a text.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/pages.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// GET /guardrails/list: {"guardrails": [{"guardrail_name", "litellm_params": {"guardrail", "mode",
/// "default_on"}, "guardrail_info"}]}. Parameters that could hold a key are not shown.
Page guardrails_page(const Snapshot& snapshot);

/// POST /guardrails/apply_guardrail {"guardrail_name", "text", "language", "entities"}: asks one
/// guardrail as before a call and answers {"response_text"}; a block is answered as a blocked
/// request is.
boost::asio::awaitable<void> apply_guardrail(Served& served);

}  // namespace patchbay::gateway
