// One content block of a Messages request to parts of an OpenAI chat message.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// A text part, with the mark of `block` (its cache_control) if it has one.
json::object text_part(std::string_view words, const json::object& block);

/// Appends to `parts` what `block`, which stands in a user turn, a system prompt or a tool result,
/// says:
///   text             text; without words nothing
///   image            image_url with a data URL or the link; a file of the provider's as file
///   document         file with a data URL, link or id, named by its title; documents of text, and
///                    lists of blocks, as text parts behind their title and context
///   search_result    text: title, source, and the words
///   image_url, input_audio, file: parts of OpenAI's own; as they are
/// Other types, and citations that are asked for, are refused by `reading`. Fails on a wrong shape.
Result<void> append_parts(const json::value& block, const Place& place, Reading& reading,
                          json::array& parts);

/// The parts of `content`, a list of blocks, or a string, which is one text block.
Result<json::array> read_parts(const json::value& content, const Place& place, Reading& reading);

}  // namespace patchbay::surface
