// A list of pictures as the answer to a request, whole or streamed.
#pragma once

#include <patchbay/sdk.hpp>
#include <string_view>

namespace patchbay::shared {

/// How the client of a request for pictures waits for them.
struct PictureAudience {
    bool stream = false;
    bool edit = false;

    static PictureAudience of(const bay_ev_request& request);
};

/// Ends the exchange with `list`, a whole answer of OpenAI's images API. A client that asked for a stream, which
/// providers that make pictures whole do not have, gets what OpenAI's streams end with: an event
/// "image_generation.completed" ("image_edit.completed") for each picture, the usage in the last.
bay_status tell_picture_list(std::string_view list, PictureAudience audience, bay::Out out);

}  // namespace patchbay::shared
