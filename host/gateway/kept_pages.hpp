// What is asked of responses, where this process keeps them itself.
#pragma once

#include <optional>
#include <string_view>

#include "contract/error.hpp"
#include "engine/kept/client_responses.hpp"
#include "engine/surface/surface.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// The answer to a call of one of the surfaces that name a response: the response as its client got
/// it; {"id": ..., "object": "response", "deleted": true} once it is forgotten; or what its model
/// was asked, as OpenAI's list, the newest item first (`query` may hold `limit`, 1 to 100, else 20,
/// `order`, asc or desc, and `after`, an item's id). What is kept here is whole, so it cannot be
/// cancelled (400, as at OpenAI) and is not streamed again (400). 403 if it is another's. nullopt: there is none of that
/// id here, or it is gone.
std::optional<Result<Page>> kept_page(const ClientResponses& kept, const Surface& surface,
                                      std::string_view id, std::string_view query);

}  // namespace patchbay::gateway
