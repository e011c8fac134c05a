// What a client is told of the capacity of its model.
#pragma once

#include "gateway/response_head.hpp"

namespace patchbay {
class CapacityGrant;
}

namespace patchbay::gateway {

/// LiteLLM's x-litellm-priority and its like, and x-ratelimit-model_saturation_check-* and -priority_model-*: limits that
/// there are, and what is left of them now. Of a call that was refused what has refused it. Nothing where nobody was asked.
void add_capacity_headers(ResponseHead& head, const CapacityGrant& grant);

}  // namespace patchbay::gateway
