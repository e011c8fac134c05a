// OpenAI's speech requests in the words of Azure's Speech service: SSML (Speech Synthesis Markup
// Language 1.0).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "failure/failure.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::azure {

/// A request, ready to be sent.
struct SpeechCall {
    std::string body;
    std::string_view output_format;  ///< of the header x-microsoft-outputformat; static
    std::uint64_t characters = 0;    ///< code points of the text, which are what is paid for
    bay::Dropped dropped;            ///< what is not sent although it says something
};

/// OpenAI's voices become Azure's, others go as they are ("de-DE-KatjaNeural"); `speed` is the rate.
/// Formats that the service has not and `instructions` are unsupported; with `drop_params` the
/// first is mp3 and the second left out. Fails for a text that is empty. Pure.
shared::Result<SpeechCall> speech_request(std::string_view client_json, std::string_view model,
                                          bool drop_params);

/// Of the region that `base` names ("https://eastus.api.cognitive.microsoft.com"), else below it.
/// Empty if `base` is.
std::string speech_url(std::string_view base);

}  // namespace patchbay::azure
