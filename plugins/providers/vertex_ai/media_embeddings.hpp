// SPDX-License-Identifier: Apache-2.0
// Embeddings of texts, pictures and videos, by the models of Vertex AI that have them. An input is a
// text, or a file as a data URL in base64 or at Cloud Storage ("gs://...").
#pragma once

#include <string>
#include <string_view>

#include "embeddings.hpp"
#include "google/failure.hpp"

namespace patchbay::vertex_ai {

/// How a model is asked for embeddings.
enum class EmbeddingForm {
    texts,    ///< predict with an instance for each text
    media,    ///< predict of "multimodalembedding"
    content,  ///< embedContent of "gemini-embedding-2" and later, which predict does not know
};

EmbeddingForm embedding_form(std::string_view model);

/// "predict" or "embedContent".
std::string_view embedding_verb(EmbeddingForm form);

/// The "multimodalembedding" request: an instance for each input, where a file goes with the text
/// right before it, as at LiteLLM. `dimensions` is a parameter. Pure.
google::Result<EmbeddingsCall> media_request(std::string_view client_json);

/// Its answer as OpenAI's list: an embedding for each input of `call`, and for each part of a video.
/// What Google counts by, characters and files, stands in usage.prompt_tokens_details under
/// LiteLLM's names.
google::Result<Embeddings> media_answer(std::string_view response_json, std::string_view model,
                                        const EmbeddingsCall& call);

/// The embedContent request. Google makes one embedding of all that a request holds, so more inputs
/// than one are refused. Pure.
google::Result<EmbeddingsCall> content_request(std::string_view client_json);
google::Result<Embeddings> content_answer(std::string_view response_json, std::string_view model);

}  // namespace patchbay::vertex_ai
