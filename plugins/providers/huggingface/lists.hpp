// Embeddings and rankings of endpoints (Text Embeddings Inference) and of feature extraction: both
// take "inputs" or "texts" and answer with a list.
#pragma once

#include "openai_shared/translated_exchange.hpp"
#include "ranking/ranking.hpp"

namespace patchbay::huggingface {

/// {"inputs": [...]} of an embeddings request. What else is known to the pipelines (normalize,
/// truncate, ...) goes as it is, with wait_for_model and use_cache as its options.
openai::Written<std::string> write_embeddings(const bay_ev_request& request);

/// {"query", "texts", ...} of a ranking. Fails for documents that are no texts.
openai::Written<std::string> write_rerank(const shared::Ranking& ranking);

/// A list of vectors, one an input; or of lists of vectors, one a token, whose mean is taken. The
/// provider tells no usage.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<boost::json::object> list(const boost::json::array& document) override;

  private:
    std::string model_;
};

/// [{"index", "score", "text"}, ...], the best first, of which `most` are taken (0: all).
class RerankReader : public openai::WholeReader {
  public:
    explicit RerankReader(std::size_t most) : most_(most) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<boost::json::object> list(const boost::json::array& document) override;

  private:
    std::size_t most_;
};

}  // namespace patchbay::huggingface
