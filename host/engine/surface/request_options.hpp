// What a client tells the gateway, not the provider, in the body of a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/routing.hpp"
#include "contract/error.hpp"
#include "patchbay/provider.h"

namespace patchbay {

struct RequestFallbacks;

/// A failure that a client asks for, to see what follows (LiteLLM's `mock_testing_*`).
enum class MockFailure : std::uint8_t {
    none,
    fallbacks,       ///< the model group fails
    context_window,  ///< it says that the prompt is too long
    content_policy,  ///< it says that the prompt may not be answered
    rate_limit,      ///< its first attempt is refused
};

/// LiteLLM's per-request settings. Absent = as configured.
struct RequestOptions {
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> stream_timeout;
    std::optional<int> num_retries;
    std::optional<bool> drop_params;
    std::optional<bool> merge_thoughts;       ///< merge_reasoning_content_in_choices
    std::string allowed_params;               ///< comma separated
    std::vector<std::string> dropped_params;  ///< additional_drop_params
    bool any_control = false;                 ///< some member must not reach the provider
    bool mocked = false;  ///< a mock_* switch that changes the answer is among the members
    MockFailure mock_failure = MockFailure::none;
    bool disable_fallbacks = false;
    bool fastest_response = false;  ///< of several models the first that answers
    std::optional<int> priority;    ///< in a queue: 0 to 255, the lower first
    std::shared_ptr<const RequestFallbacks> fallbacks;  ///< null: as configured
    /// By model group, in place of the configured ones; null: those. Clients cannot set them.
    std::shared_ptr<const FailurePolicies> retry_policies;
    std::vector<std::string> tags;  ///< of the body and of x-litellm-tags
};

/// Reads the control parameters among a body's members. An Error (400) for a wrong type, with
/// `param` naming the member, and for parameters with which clients would redirect the request.
Result<RequestOptions> read_request_options(std::span<const bay_member> members);

}  // namespace patchbay
