// What a request must say, by the configuration and by its key.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "contract/error.hpp"
#include "engine/surface/caller.hpp"
#include "patchbay/provider.h"

namespace patchbay {

class Call;

/// The first of `params` that is not among the members, or is null there; nullptr: all are there. A dot goes inside:
/// "metadata.generation_name". What is missing of `metadata` may stand in `litellm_metadata`, where that is a member
/// of the client's API. `user` is there, too, if the customer is named in another place (end_user.hpp).
const std::string* missing_param(std::span<const std::string> params,
                                 std::span<const bay_member> members, const Caller& caller,
                                 std::span<const std::string> customer_headers);

/// An Error (400, LiteLLM's words) if a call that was read lacks a parameter of `enforced_params` (the configuration's,
/// its key's, its team's), or names tags where `reject_clientside_metadata_tags` forbids it. Who asks for what was made
/// before has no place to say anything, and is not asked; nor is the gateway itself.
std::optional<Error> check_enforced(const Call& call);

}  // namespace patchbay
