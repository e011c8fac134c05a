// The ids of responses, as clients see them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contract/crypto/seal.hpp"
#include "engine/surface/ask.hpp"

namespace patchbay {

/// Clients name a response again (`previous_response_id`), and only the deployment that made it
/// knows it. So its id goes out as "resp_" and, sealed, the deployment's id, its own, and whose it
/// is: nothing is kept here, every node with the same key understands it, and no client can make one
/// up, read one, or take the owner out of one.
///
/// `quoted` is the provider's id as JSON text; so is what is returned. As it came if it has
/// characters that JSON writes with escapes, or nothing can be sealed. Without an owner it is
/// anybody's.
std::string seal_response_id(const SealKey& key, std::string_view deployment,
                             std::string_view quoted, const std::optional<ResponseOwner>& owner);

/// nullopt: not one of those; it is the provider's own. `quoted` is JSON text.
std::optional<EarlierAnswer> open_response_id(const SealKey& key, std::string_view quoted);

}  // namespace patchbay
