// SPDX-License-Identifier: Apache-2.0
// Embeddings by way of an endpoint: in the words of Hugging Face's containers, or of Voyage's, whose
// are OpenAI's.
#pragma once

#include "endpoint.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::sagemaker {

/// {"inputs": [...]}, or {"input": [...]} for a Voyage model; members that are not OpenAI's go as they
/// are. `dropped` gets what is not sent.
openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped);

/// A list of vectors, alone or as "embedding", "embeddings" or "vectors"; or OpenAI's own answer. A
/// container tells no usage but in the last.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<boost::json::object> list(const boost::json::array& document) override;

  private:
    std::string model_;
};

}  // namespace patchbay::sagemaker
