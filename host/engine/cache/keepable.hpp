// Which answers are not kept for other calls.
#pragma once

#include "engine/cache/entry.hpp"

namespace patchbay {

/// What the words of an answer say against keeping it.
struct Objections {
    bool filtered = false;  ///< its provider took something out, refused, or did not come to an end
    /// A tool of the provider's looked at something that changes: the web, a machine. Such an answer
    /// is kept only for a time that the client names.
    bool looked = false;
};

/// Reads what the entry's operation says in its shape. Any answer; allocates nothing.
Objections objections(const CacheEntry& entry);

}  // namespace patchbay
