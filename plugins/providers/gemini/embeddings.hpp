// SPDX-License-Identifier: Apache-2.0
// OpenAI's embeddings by way of batchEmbedContents.
#pragma once

#include <string>
#include <string_view>

#include "google/failure.hpp"

namespace patchbay::gemini {

/// A request, ready to be sent.
struct EmbeddingsCall {
    std::string body;
    std::size_t inputs = 0;      ///< one for each embedding of the answer
    std::size_t characters = 0;  ///< of all of them, in code points
};

/// One request for each text of `input`; `dimensions` and Google's own `task_type` and `title` go
/// with each. Fails for token ids, which mean another model's vocabulary, and for a form of numbers
/// other than floats. Pure.
google::Result<EmbeddingsCall> embeddings_request(std::string_view client_json,
                                                  std::string_view model);

/// Google's answer as OpenAI's list. It tells no counts of tokens, so the usage says what can be known:
/// nothing. Fails if it is no such answer or has another number of embeddings than `inputs`.
google::Result<std::string> embeddings_answer(std::string_view response_json,
                                              std::string_view model, std::size_t inputs);

}  // namespace patchbay::gemini
