// Whom a request is made for, as the client says it: LiteLLM's end user, our customer.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/caller.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// No longer than a label of a record (requester.hpp).
inline constexpr std::size_t kMostEndUser = 1024;

/// The first that is there: the headers that are configured, `x-litellm-customer-id`, `x-litellm-end-user-id`; of the
/// body `user`, `litellm_metadata.user` and `.user_id`, those of `metadata` (Anthropic's field), `safety_identifier`.
/// Without white space at its ends; empty if there is none. A text that cannot be one (too long, with control
/// characters, neither text nor whole number) is passed over. Allocates for the name alone.
std::string end_user_of(const Caller& caller, std::span<const bay_member> members,
                        std::span<const std::string> headers);

}  // namespace patchbay
