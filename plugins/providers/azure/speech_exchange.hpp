// The machine of one speech by Azure's Speech service.
#pragma once

#include <cstdint>

#include "openai_shared/dialect.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::azure {

/// How a model is called that the Speech service is to speak: "speech/azure-tts".
inline constexpr const char* kSpeechMark = "speech/";

/// [exchange]. `dialect` must outlive it (it is the instance's).
class SpeechExchange : public bay::Exchange {
  public:
    explicit SpeechExchange(const openai::Dialect& dialect) : dialect_(dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    const openai::Dialect& dialect_;
    std::uint64_t characters_ = 0;
};

}  // namespace patchbay::azure
