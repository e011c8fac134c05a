// Answers that a call names: what its path is about, and what it goes on from.
#pragma once

#include <optional>

#include "contract/error.hpp"
#include "engine/call/call.hpp"
#include "engine/router/router.hpp"

namespace patchbay {

/// Of a call whose path names something that was made before: the deployment that made it, which is a group, too.
/// Sets Ask::previous. An Error if the gateway did not make that id, or no such deployment is there any more (404),
/// or it is another's (403).
Result<ModelRoute> find_home(Call& call);

/// Sets Ask::previous where the body names an answer that the client goes on from, which is known to the deployment
/// that gave it alone. An Error if none of the group's has, the answer is another's, or nobody can say whose it is
/// (Ask::kept knows who asks), also where the client's API has no such member.
std::optional<Error> find_earlier(Call& call, const ModelGroup& group);

}  // namespace patchbay
