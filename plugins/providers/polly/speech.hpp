// SPDX-License-Identifier: Apache-2.0
// OpenAI's speech in the words of Amazon Polly ("SynthesizeSpeech").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "openai_shared/request.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::polly {

struct Speech {
    std::string body;
    std::uint64_t characters = 0;  ///< that are spoken, which is what Polly bills
    bay::Dropped dropped{};        ///< what is not sent although it says something
};

openai::Dialect own_dialect();

/// The model is one of Polly's engines; a voice is one of Polly's, or one of OpenAI's names for which a
/// voice of Polly's stands, LiteLLM's choice; a text in `<speak>` is SSML. Members that are none of
/// OpenAI's are sent as they are (`LanguageCode`, `LexiconNames`, ...). Fails without a text or a voice,
/// and for formats that Polly does not make.
openai::Written<Speech> write_speech(const bay_ev_request& request, const openai::Dialect& dialect);

}  // namespace patchbay::polly
