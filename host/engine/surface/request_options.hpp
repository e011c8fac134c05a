// What a client tells the gateway, not the provider, in the body of a request.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "contract/error.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// LiteLLM's per-request settings. Absent = as configured.
struct RequestOptions {
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> stream_timeout;
    std::optional<int> num_retries;
    std::optional<bool> drop_params;
    std::string allowed_params;               ///< comma separated
    std::vector<std::string> dropped_params;  ///< additional_drop_params
    bool any_control = false;                 ///< some member must not reach the provider
    bool mocked = false;                      ///< a mock_* switch is among the members
};

/// Reads the control parameters among a body's members. An Error (400) for a wrong type, with
/// `param` naming the member, and for parameters with which clients would redirect the request.
Result<RequestOptions> read_request_options(std::span<const bay_member> members);

}  // namespace patchbay
