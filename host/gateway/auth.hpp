// Who is calling: the key a request presents, checked against the master key.
#pragma once

#include <optional>

#include "config/config.hpp"
#include "contract/error.hpp"
#include "gateway/request.hpp"

namespace patchbay::gateway {

/// The key that a request brings, wherever it is; empty if none. A secret.
std::string_view presented_key(const Request& request);

/// What check_presented() has found.
struct Presented {
    /// It is none of ours and may be one of the store's; a secret. Empty: the master key, or none is needed.
    std::string_view virtual_key{};
};

/// The same as check_key(), where there may be virtual keys: one of their form is not refused.
Result<Presented> check_presented(const Request& request, const Secret& master_key);

/// nullopt if the request may go on. Else a 401 with LiteLLM's words, which never repeat the key.
/// The key is taken from the first of these headers that is there (LiteLLM's order): the operator's
/// own (Request::key_header), x-litellm-api-key, Authorization (Bearer or Basic), api-key, x-api-key, x-goog-api-key,
/// Ocp-Apim-Subscription-Key; without any, from the query where the route takes one there
/// (Surface::key_in_query), and then from the subprotocols that a browser offers (subprotocols.hpp).
/// Compared in constant time. Without a master key all may pass.
std::optional<Error> check_key(const Request& request, const Secret& master_key);

}  // namespace patchbay::gateway
