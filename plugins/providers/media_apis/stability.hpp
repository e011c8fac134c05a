// SPDX-License-Identifier: Apache-2.0
// Stability AI's pictures ("Stable Image, Generate" of its API, v2beta): a form there, base64 back.
#pragma once

#include "openai_shared/pictures.hpp"

namespace patchbay::media_apis {

openai::Dialect stability_dialect();

/// "<base>/v2beta/stable-image/generate/" and "ultra", "core" or "sd3"; `base` may be all of it.
std::string stability_url(std::string_view base, std::string_view model);

/// The name that a model of "sd3" goes by now; empty for what the address names already, or is asked
/// without a name.
std::string stability_model(std::string_view model);

class StabilityExchange : public openai::TranslatedExchange {
  public:
    explicit StabilityExchange(const openai::Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_BUFFER) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
    std::string content_type() const override;

  private:
    std::string boundary_;
};

}  // namespace patchbay::media_apis
