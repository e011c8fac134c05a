// SPDX-License-Identifier: Apache-2.0
// GigaChat's embeddings: OpenAI's, with a list of inputs always, and the usage beside each vector.
#pragma once

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::gigachat {

/// Fails for token ids, which are of another tokenizer, and for members that `dialect` says are
/// unsupported.
openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped);

class EmbeddingsReader : public openai::WholeReader {
  public:
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
};

}  // namespace patchbay::gigachat
