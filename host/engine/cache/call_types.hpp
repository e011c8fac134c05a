// Which calls the response cache is for.
#pragma once

#include "config/cache_settings.hpp"
#include "engine/surface/operation.hpp"

namespace patchbay {

/// Are answers to this kept? By `supported_call_types`, or where the configuration names none: chat,
/// messages, responses, generateContent, Converse, text completions, embeddings, reranking. What is
/// no answer of documents (speech, pictures, sessions) never is, whatever is said.
bool is_cached(const Operation& operation, const CacheSettings& settings);

/// Is it asked in words, so that others may mean the same (near_text.hpp)?
bool asks_in_words(const Operation& operation);

}  // namespace patchbay
