// Embeddings by way of Cohere's Embed API (v2).
#pragma once

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::cohere {

/// The body for an embeddings request: texts, or pictures if every input is a data URL of one.
/// Members of Cohere's own (input_type, truncate, ...) go as they are. Token ids are refused: they
/// are of another tokenizer.
openai::Written<std::string> write_embeddings(const bay_ev_request& request);

/// Reads the answer: {"embeddings": {"float": [...]}} to OpenAI's list.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    std::string model_;
};

}  // namespace patchbay::cohere
