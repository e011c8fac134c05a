// SPDX-License-Identifier: Apache-2.0
// The machine of one speech: by a model of Gemini's that speaks, else by Text-to-Speech.
#pragma once

#include <cstdint>
#include <string>

#include "whole_exchange.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class SpeechExchange : public WholeExchange {
  public:
    using WholeExchange::WholeExchange;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    google::Result<void> write(const bay_ev_request& request, bay::Out out);
    bay_status tell(std::string_view answer, bay::Out out) override;

    bool gemini_ = false;
    bool wav_ = true;       ///< of Gemini's
    std::string encoding_;  ///< of Text-to-Speech
    std::uint64_t characters_ = 0;
};

}  // namespace patchbay::vertex_ai
