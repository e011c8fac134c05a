// SPDX-License-Identifier: Apache-2.0
// fal's models of pictures ("Model endpoints", by the synchronous API): the name is the path.
#pragma once

#include "openai_shared/pictures.hpp"

namespace patchbay::media_apis {

openai::Dialect fal_dialect();

/// The body for a model, whose name says how it takes a size and whether it takes a number.
boost::json::object fal_body(std::string_view model, openai::Pictures pictures);

class FalExchange : public openai::TranslatedExchange {
  public:
    explicit FalExchange(const openai::Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_BUFFER) {}

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
};

}  // namespace patchbay::media_apis
