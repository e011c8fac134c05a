// Has nearly the same been asked before? Embeddings that the gateway asks for itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "config/cache_settings.hpp"
#include "engine/cache/near_index.hpp"
#include "engine/loop.hpp"

namespace patchbay {

class Call;

/// Part of a CallCache. The settings live as long as the call's snapshot.
struct NearQuestion {
    const SemanticSettings& settings;
    std::string text;                  ///< what is compared
    CacheKey bucket;                   ///< all else of the request
    std::optional<NearVector> vector;  ///< once it is known
};

/// Asks the model group for the embedding of the text, by a call like any other, for the caller's key: it is in
/// records, metrics and the books. It is not admitted again, no guardrail looks at it, and it takes kPatience at most.
/// nullopt: it failed, or was late, or is none.
boost::asio::awaitable<std::optional<NearVector>> embedding_of(Call& call, std::string_view model,
                                                               std::string_view text);

/// NearIndex::find() for a question whose vector is known: on the calling loop if there is little to compare, else
/// on the pool.
boost::asio::awaitable<std::optional<NearIndex::Near>> nearest(const NearIndex& index,
                                                               const NearQuestion& question,
                                                               Loop loop);

}  // namespace patchbay
