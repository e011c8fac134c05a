// The parameters of models that are known: what a log record may show of a request.
#pragma once

#include <span>
#include <string_view>

namespace patchbay {

/// OpenAI's parameters of chat and realtime requests and those that providers are known to take
/// besides, in order. None of them holds a credential by its own name.
std::span<const std::string_view> model_params();

/// True for one of model_params(). Fast enough to ask for every top-level member of every request.
bool is_model_param(std::string_view name);

}  // namespace patchbay
