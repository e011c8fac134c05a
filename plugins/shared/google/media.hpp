// Images, sounds, videos and documents of a chat message as parts of Google's.
#pragma once

#include <string>
#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::google {

/// A part with `inlineData` or `fileData` for `url`: a data URL in base64, a link that Google
/// fetches itself (https, gs, of its Files API, of YouTube). `media_type` is what the client says of
/// it; without one that of the data URL counts, then what the link ends with. Fails for everything
/// else; `place` is for the error. Pure.
Result<json::object> media_part(std::string_view url, std::string_view media_type,
                                const std::string& place);

/// A part with `inlineData`; "image/jpg" and the like get the usual name.
json::object inline_part(std::string_view media_type, std::string_view base64);

/// "audio/wav" for "wav", a format of OpenAI's input_audio.
std::string audio_type(std::string_view format);

/// "MEDIA_RESOLUTION_LOW" for OpenAI's detail "low"; empty for "auto" and what is not known.
std::string_view resolution_of(std::string_view detail);

}  // namespace patchbay::google
