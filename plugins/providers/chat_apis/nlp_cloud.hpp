// SPDX-License-Identifier: Apache-2.0
// NLP Cloud ("Text Generation" of its API): {"text"} there, {"generated_text"} back, a stream is the
// text itself.
#pragma once

#include "plain_text.hpp"

namespace patchbay::chat_apis {

/// What chat's parameters are called there.
openai::Dialect nlp_cloud_dialect();

/// "<base>/v1/gpu/<model>/generation"; `base` may be all of such an address, or end before the model.
std::string nlp_cloud_url(std::string_view base, std::string_view model);

class NlpCloudExchange : public TextExchange {
  public:
    using TextExchange::TextExchange;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
};

}  // namespace patchbay::chat_apis
