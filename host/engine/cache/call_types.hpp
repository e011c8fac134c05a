// Which calls the response cache is for.
#pragma once

#include "config/cache_settings.hpp"
#include "engine/surface/operation.hpp"

namespace patchbay {

/// Are answers to this kept? By `supported_call_types`, or where the configuration names none: chat,
/// messages, responses, generateContent, Converse, text completions, embeddings, reranking. What is
/// no answer of documents (speech, pictures, sessions) never is, whatever is said.
bool is_cached(const Operation& operation, const CacheSettings& settings);

}  // namespace patchbay
