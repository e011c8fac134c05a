// What a client is told when routing has come to its end, in LiteLLM's words.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/lanes/gate.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// A provider's error, with LiteLLM's words around it: "litellm.RateLimitError: OpenAIException -
/// ...". `group` empty: it is not named. `fallbacks`: those that its group has, nullptr = none.
Error for_client(Error error, const Deployment& deployment, std::string_view group, int retries,
                 int max_retries, const std::vector<std::string>* fallbacks = nullptr);

/// 429: all that could be asked are over their budgets, for these reasons.
Error crossed_budget(const std::string& why);

/// 503: whether they are cannot be said now, for these reasons.
Error spent_unknown(const std::string& why);

/// 429: everything that could be asked rests or has used up its limits; `wait` is the shortest rest.
Error none_available(std::string_view model, std::chrono::milliseconds wait);

/// 429: the queue of a group did not take the call, or has kept it for as long as it may (`waited`).
Error shed_from_queue(std::string_view group, Shed why, std::chrono::nanoseconds waited,
                      std::chrono::seconds retry_after);

/// 401: none has one of the tags that the request has.
Error no_tag_fits(std::string_view model, const std::vector<std::string>& tags);

/// 400: the prompt has more tokens than any of the models takes.
Error no_window_fits(std::string_view model, std::size_t tokens, std::int64_t most);

/// 400: none supports the parameter, or drops it.
Error no_param_fits(std::string_view model, std::string_view param);

}  // namespace patchbay
