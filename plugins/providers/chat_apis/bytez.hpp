// SPDX-License-Identifier: Apache-2.0
// Bytez ("Chat" of its API): {"messages", "params"} there, {"output"} back, a stream is the text
// itself.
#pragma once

#include "plain_text.hpp"

namespace patchbay::chat_apis {

/// What chat's parameters are called there.
openai::Dialect bytez_dialect();

/// OpenAI's messages with their contents as Bytez's lists: texts, pictures, audio and videos. Fails
/// for other parts, with their place.
openai::Written<boost::json::array> bytez_messages(const boost::json::array& messages);

class BytezExchange : public TextExchange {
  public:
    using TextExchange::TextExchange;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
};

}  // namespace patchbay::chat_apis
