// What providers' prompt caches keep.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay {

/// One row. A provider that is not told of keeps any beginning for ten minutes, as servers of open
/// models do (vLLM, SGLang).
struct CacheRule {
    std::string_view provider;  ///< the prefix that names it in a configuration; empty = any
    std::string_view model;  ///< how the provider's models begin, or a part in "*part"; empty = any
    std::uint32_t least_tokens = 0;  ///< a shorter beginning is not kept
    std::uint32_t seconds = 600;     ///< it is kept so long after its last use
    bool marked = false;  ///< only what stands before a mark in the request (`cache_control`)
};

/// The first row for the model, as its provider calls it. Lives for ever.
const CacheRule& cache_rule(std::string_view provider, std::string_view model);

/// How many blocks before a mark are looked up, where marks are needed (Anthropic's number).
inline constexpr std::size_t kBlocksBeforeMark = 20;

}  // namespace patchbay
