// Which operations of the plugin interface have a streamed form.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "patchbay/operations.h"

namespace patchbay {

/// Those of whose answers operations.h says "streamed".
inline constexpr std::string_view kStreamed[] = {
    BAY_OP_CHAT_COMPLETIONS, BAY_OP_COMPLETIONS, BAY_OP_MESSAGES,     BAY_OP_RESPONSES,
    BAY_OP_RESPONSES_GET,    BAY_OP_CONVERSE,    BAY_OP_INVOKE,       BAY_OP_GENERATE_CONTENT,
    BAY_OP_IMAGES_GENERATE,  BAY_OP_IMAGES_EDIT, BAY_OP_AUDIO_SPEECH, BAY_OP_AUDIO_TRANSCRIPTIONS,
    BAY_OP_ASSISTANTS,       BAY_OP_PASSTHROUGH};

/// May BAY_REQ_STREAM come with this operation? An operation that a third party named may be
/// streamed.
constexpr bool has_streamed_form(std::string_view operation) {
    const auto* const found = std::find(std::begin(kStreamed), std::end(kStreamed), operation);
    if (found != std::end(kStreamed)) return true;
    // Names of third parties are reverse domains: two dots at least.
    return std::count(operation.begin(), operation.end(), '.') >= 2;
}

}  // namespace patchbay
