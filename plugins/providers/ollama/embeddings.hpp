// Embeddings by way of Ollama's /api/embed.
#pragma once

#include "openai_shared/translated_exchange.hpp"

namespace patchbay::ollama {

/// The body: the input as a list of texts. Members of Ollama's own (truncate, options, ...) go as
/// they are; token ids are refused.
openai::Written<std::string> write_embeddings(const bay_ev_request& request);

/// Reads {"embeddings": [...], "prompt_eval_count": n}.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    std::string model_;
};

}  // namespace patchbay::ollama
