// One part of a chat message's content as a part of Google's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "failure.hpp"
#include "json.hpp"
#include "model.hpp"

namespace patchbay::google {

/// Where in the request something stands, for error texts: "messages[2].content[1]".
struct Place {
    std::size_t message = 0;
    std::optional<std::size_t> part;

    std::string text(std::string_view below = {}) const;
};

/// What the parts of one request have in common.
struct PartContext {
    const ModelTraits& traits;
    /// mediaResolution of the whole request, for models whose images have none of their own; the
    /// highest that an image asks for. Empty: none does.
    std::string_view resolution;
};

/// Appends the parts that `content` makes, a string or an array of parts; nullptr makes none. Empty
/// texts are left out, as Google refuses them. Parts of other APIs that are texts (search_result,
/// document) become text.
Result<void> append_content(const json::value* content, std::size_t message, PartContext& context,
                            json::array& parts);

/// {"text": words}
json::object text_part(std::string_view words);

/// All the text of `content`, which is nullptr, a string or parts; those of other kinds say nothing.
std::string text_of_content(const json::value* content);

}  // namespace patchbay::google
