// Content of the Responses API as content of the chat API.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The parts of `content`, a list, or a string, which is one text:
///   input_text, output_text, refusal   text; what is empty is left out
///   input_image                        image_url; by its id a file
///   input_file                         file
///   input_audio                        as it is
/// A mark for the prompt cache becomes cache_control. Other types are refused by `reading`. Fails on
/// a wrong shape.
Result<json::array> chat_parts(const json::value& content, const Place& place, Reading& reading);

/// The parts as a message's content: a string if they are one text without a mark, null if there are
/// none.
json::value content_of_parts(json::array parts);

}  // namespace patchbay::surface
