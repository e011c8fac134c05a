// From the client's chat request to the provider's: which parameters go, change, or must be
// refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::openai {

/// Why a request is not sent.
struct Refusal {
    std::uint32_t cls = BAY_ERR_UNSUPPORTED;
    std::string message;
    std::string param;
};

/// Turns `body` (a Splice of `request`) into the provider's body, or says why the request cannot be
/// sent. Rules, in this order, for each member: names in request.allowed_params go as they are; a
/// renamed parameter gives way to one that the client already sent under the new name; a parameter
/// that is not supported is left out if it is null, harmless (user, stream, stream_options, n = 1)
/// or BAY_REQ_DROP_PARAMS is set, else it is a refusal that names all such parameters; then the
/// rules on values apply. Unknown names go as they are.
std::optional<Refusal> write_body(const bay_ev_request& request, const Dialect& dialect,
                                  bay::Splice& body);

/// `text` as JSON text, quotes included.
std::string json_string(std::string_view prefix, std::string_view text);

/// LiteLLM's words for parameters that a provider does not take; `names` as in "'a', 'b'".
std::string unsupported_message(std::string_view provider, std::string_view names,
                                std::string_view model);

}  // namespace patchbay::openai
