// OpenAI's speech by way of generateContent and a model that speaks.
#pragma once

#include <string>
#include <string_view>

#include "chat/parameter_rules.hpp"
#include "failure.hpp"
#include "usage.hpp"

namespace patchbay::google {

/// A request, ready to be sent.
struct SpeechCall {
    std::string body;
    bool wav = true;  ///< the answer is to be a WAV file, else the samples alone
    bay::Dropped dropped{};
};

/// `input` spoken by `voice`, in the way that `instructions` say. Google makes samples of 16 bits:
/// other formats than "wav" and "pcm", `speed` and events are unsupported, or left out. Pure.
Result<SpeechCall> speech_request(std::string_view client_json, const shared::Leniency& leniency);

struct Speech {
    std::string bytes;
    std::string content_type;
    Usage usage;
};

/// The sound of Google's answer; fails if it has none.
Result<Speech> speech_answer(std::string_view response_json, bool wav);

/// Gives it to the client, and ends the exchange.
bay_status tell_speech(const Speech& speech, bay::Out out);

/// A WAV file of little-endian samples of 16 bits, one channel, `rate` of them a second.
std::string wav_file(std::string_view samples, std::uint32_t rate);

}  // namespace patchbay::google
