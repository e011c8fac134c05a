// SPDX-License-Identifier: Apache-2.0
// One part of a message's content to one Anthropic content block.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "betas.hpp"
#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// Where in the request something stands, for error texts: "messages[2].content[1]".
struct Place {
    std::size_t message = 0;
    std::optional<std::size_t> part;

    std::string text(std::string_view below = {}) const;
};

/// True if `text` is empty or white space: Anthropic refuses text blocks of that kind.
bool is_blank(std::string_view text);

json::object text_block(std::string_view text);

/// Translates text, image_url, file and refusal parts; parts that are Anthropic blocks already pass
/// as they are. The part's cache_control is kept. Null if the part says nothing (blank text). The
/// features the block needs are added to `betas`. Strings are moved out of `part`.
Result<json::value> translate_part(json::value& part, const Place& place, Betas& betas);

/// All parts of `content`, a string or an array of parts; blank ones are left out. `content` may be
/// null.
Result<json::array> translate_content(json::value* content, std::size_t message, Betas& betas);

}  // namespace patchbay::anthropic
