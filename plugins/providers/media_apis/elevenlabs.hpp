// SPDX-License-Identifier: Apache-2.0
// ElevenLabs' speech ("Create speech" of its API): the voice is in the address, the format in the
// query, and the answer is the audio.
#pragma once

#include "openai_shared/dialect.hpp"
#include "openai_shared/request.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::media_apis {

openai::Dialect elevenlabs_dialect();

struct Speech {
    std::string path;  ///< behind the address, with a query
    std::string body;
    std::uint64_t characters = 0;
    bay::Dropped dropped{};
};

/// Fails without a text or a voice, and for formats that ElevenLabs does not make.
openai::Written<Speech> write_speech(const bay_ev_request& request, const openai::Dialect& dialect);

/// [exchange]
class ElevenLabsExchange : public bay::Exchange {
  public:
    explicit ElevenLabsExchange(const openai::Dialect* dialect) : dialect_(*dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    const openai::Dialect& dialect_;
    std::uint64_t characters_ = 0;
};

}  // namespace patchbay::media_apis
