// SPDX-License-Identifier: Apache-2.0
// OpenAI's speech by way of Google Cloud's Text-to-Speech ("text:synthesize"), which is a service beside
// Vertex AI and knows voices, no models.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chat/parameter_rules.hpp"
#include "google/failure.hpp"

namespace patchbay::vertex_ai {

inline constexpr std::string_view kSynthesis = "/v1/text:synthesize";

/// Its address for a location: of the United States or of the European Union, each of which is one to
/// it; of the world for all others, and where none is said.
std::string synthesis_host(std::string_view location);

/// A request, ready to be sent.
struct SynthesisCall {
    std::string body;
    std::string encoding;          ///< Google's word for what is made
    std::uint64_t characters = 0;  ///< of `input`, which are billed
    bay::Dropped dropped{};
};

/// `input` spoken by `voice`: one of Google's names, one of OpenAI's, for which a voice of Google's
/// stands, LiteLLM's choice, or Google's own object. A text in `<speak>`, or any with `use_ssml`, is SSML.
/// The members of `audioConfig` win. Google makes neither aac nor flac, and takes no `instructions`: these
/// are unsupported, or left out. Pure.
google::Result<SynthesisCall> synthesis_request(std::string_view client_json,
                                                const shared::Leniency& leniency);

struct Sound {
    std::string bytes;
    std::string_view content_type;  ///< static; of the bytes, which may say more than `encoding`
};

/// Fails if the answer holds no sound.
google::Result<Sound> synthesis_answer(std::string_view response_json, std::string_view encoding);

}  // namespace patchbay::vertex_ai
