// SPDX-License-Identifier: Apache-2.0
// OpenAI's embeddings by way of Vertex AI's predict.
#pragma once

#include <string>
#include <string_view>

#include "google/failure.hpp"

namespace patchbay::vertex_ai {

/// A request, ready to be sent.
struct EmbeddingsCall {
    std::string body;
    std::size_t inputs = 0;      ///< one for each embedding of the answer
    std::size_t characters = 0;  ///< of its texts, in code points; where the model counts so
    std::size_t pictures = 0;    ///< likewise
    std::size_t videos = 0;      ///< likewise
};

/// An instance for each text of `input`; `dimensions` is a parameter, Google's own `task_type`,
/// `title` and `auto_truncate` go as well. Fails for token ids, which mean another model's
/// vocabulary. Pure.
google::Result<EmbeddingsCall> embeddings_request(std::string_view client_json);

struct Embeddings {
    std::string json;
    std::uint64_t tokens = 0;
};

/// Vertex AI's answer as OpenAI's list, with its count of tokens. Fails if it is no such answer or has
/// another number of embeddings than `inputs`.
google::Result<Embeddings> embeddings_answer(std::string_view response_json, std::string_view model,
                                             std::size_t inputs);

}  // namespace patchbay::vertex_ai
