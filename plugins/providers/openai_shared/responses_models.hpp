// Models that are asked for chat by way of the Responses API.
//
// Some of OpenAI's models have no other API (o1-pro, gpt-5-pro, the codex and deep-research models);
// and an operator may want it for any other.
#pragma once

#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::openai {

/// The upstream's name of the target's model: without LiteLLM's mark "responses/", which says how it
/// is to be asked, where the dialect has that API.
std::string_view upstream_model(const bay_ev_request& request, const Dialect& dialect);

/// True if chat with the target's model goes by way of the Responses API: its name has that mark, or
/// its mode is "responses" (`model_info` of the target's params), and the dialect has that API.
bool goes_by_responses(const bay_ev_request& request, const Dialect& dialect);

}  // namespace patchbay::openai
