// What a request has in common with those before it, for routing that keeps providers' prompt
// caches warm: its session, or the beginnings of its prompt.
//
// Providers cache prompts from the beginning, in the order tools, system, messages, and look for
// the longest beginning that they know. So each block (the tools, the system prompt, a message) has
// the hash of all up to its end. Marks (`cache_control`, `cachePoint`) wander from turn to turn and
// are no part of what is hashed.
#pragma once

#include <cstdint>

#include <boost/container/small_vector.hpp>

#include "engine/surface/ask.hpp"
#include "engine/surface/caller.hpp"

namespace patchbay {

/// The prompt up to the end of a block.
struct PrefixKey {
    std::uint64_t hash = 0;
    std::uint32_t tokens = 0;  ///< an estimate: a quarter of the bytes
    bool marked = false;       ///< the request wants it kept
    bool before_mark = false;  ///< it, or one of the next blocks as far as a provider looks back
};

struct PrefixKeys {
    std::uint64_t session =
        0;  ///< of the client's own name for it; then there are no blocks. 0 = none
    /// Where what is new belongs: the session, or the prompt up to its first question.
    std::uint64_t root = 0;
    std::size_t lead = 0;  ///< so many blocks come before the first question: tools, system
    boost::container::small_vector<PrefixKey, 16> blocks;

    bool empty() const { return session == 0 && blocks.empty(); }
};

/// Reads `ask`, in any API. A session is the first of `prompt_cache_key`, `x-litellm-session-id`,
/// `litellm_session_id`, `metadata.session_id` and the session in Claude Code's
/// `metadata.user_id`. One pass over the prompt if there is none. Any thread; allocates for more
/// than 16 blocks only.
PrefixKeys prefix_keys(const Ask& ask, const Caller& caller);

}  // namespace patchbay
