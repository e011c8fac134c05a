// GET and DELETE /responses/{id}, GET /responses/{id}/input_items: responses that are kept here.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/kept/client_responses.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// The response as its client got it. All of these: a 404 in OpenAI's form if the client has none of
/// that id, or no longer.
Result<Page> response_page(const ClientResponses& kept, std::string_view id);
/// Forgets it: {"id": ..., "object": "response", "deleted": true}.
Result<Page> drop_response(const ClientResponses& kept, std::string_view id);
/// What its model was asked, as OpenAI's list: the newest item first. `query` may hold `limit` (1 to
/// 100, else 20), `order` (asc or desc) and `after` (an item's id).
Result<Page> input_items_page(const ClientResponses& kept, std::string_view id,
                              std::string_view query);

}  // namespace patchbay::gateway
