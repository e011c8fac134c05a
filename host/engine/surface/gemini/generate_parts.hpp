// Parts of Gemini's contents that hold words or media, as parts of an OpenAI chat message.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// How closely images are to be looked at: MEDIA_RESOLUTION_LOW, _MEDIUM, _HIGH, as `detail` of
/// OpenAI's; empty if that does not say it.
std::string_view detail_of(std::string_view resolution);

/// Appends to `parts` what `part` says, which stands in a user's turn, an instruction or a result:
///   text             text; without words nothing
///   inlineData       image/*: image_url with a data URL and `detail` (empty: none); audio/wav and
///                    audio/mp3: input_audio; text of any kind: text, under its name if it has one;
///                    other documents: file with a data URL, named by displayName
///   fileData         a link to an image: image_url; to a document: file
/// Videos, other sound, and files that only Google can read are refused (unsupported, 400), also
/// with drop_params: the answer would be about something else. Parts that hold nothing of these are
/// a wrong shape; functionResponse and what only a model writes is the caller's.
Result<void> append_part(const json::object& part, std::string_view detail, const Place& place,
                         Reading& reading, json::array& parts);

}  // namespace patchbay::surface
