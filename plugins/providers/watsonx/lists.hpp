// SPDX-License-Identifier: Apache-2.0
// Embeddings and rankings of watsonx.ai, whose words for them are its own.
#pragma once

#include "openai_shared/translated_exchange.hpp"
#include "place.hpp"

namespace patchbay::watsonx {

/// {"inputs", "parameters"} of an embeddings request; members that are not OpenAI's
/// (truncate_input_tokens, return_options) are its parameters. `dropped` gets what is not sent.
openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              const Account& account, bay::Dropped& dropped);

/// {"query", "inputs", "parameters"} of a ranking, whose documents are texts.
openai::Written<std::string> write_rerank(const bay_ev_request& request, const Account& account);

/// {"results": [{"embedding"}], "input_token_count"}.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    std::string model_;
};

/// {"results": [{"index", "score", "input"}], "input_token_count"}.
class RerankReader : public openai::WholeReader {
  public:
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
};

}  // namespace patchbay::watsonx
