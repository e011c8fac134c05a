// Content blocks of Converse that hold words or media, as parts of an OpenAI chat message.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// {"type":"ephemeral","ttl":"1h"} of a cachePoint; without `ttl` if it says none.
json::object cache_mark(const json::object& point);

/// Appends to `parts` what `block` says, which stands in a user's turn, an instruction or a result:
///   text, guardContent   text (and images); without words nothing. That it is for a guardrail of
///                        AWS's is noted
///   image                image_url with a data URL
///   document             PDF, doc, docx, xls, xlsx: file with a data URL; csv, html, md, txt and
///                        documents given as text: text, under their name
///   audio                input_audio, wav and mp3
///   searchResult         text, under its title and source
///   json                 its text
///   cachePoint           cache_control of the part before it; noted if there is none
/// Tools that come and go within a conversation, and citations that are asked for, are refused in the
/// way of Reading::refuse(). Videos, other sound, and files in S3 are refused (unsupported, 400), also with drop_params: the
/// answer would be about something else. What holds nothing of these is a wrong shape.
Result<void> append_converse_part(const json::object& block, const Place& place, Reading& reading,
                                  json::array& parts);

}  // namespace patchbay::surface
