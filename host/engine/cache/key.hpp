// By what an answer is found again: a digest of all that decides on it.
//
// The digest is SHA-256 and not a fast hash: whoever could make two requests with the same key would
// be given the answer of another's. It is not LiteLLM's key, which depends on the order of a Python
// call's arguments and leaves out parameters that it does not know, so that `top_k` 1 and 40 share
// an answer there. Here everything counts that reaches the model.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "patchbay/provider.h"

namespace patchbay {

struct CacheKey {
    std::array<std::uint8_t, 32> digest{};

    bool operator==(const CacheKey&) const = default;
    /// 64 lower-case hexadecimal digits.
    std::string hex() const;
};

/// For hash tables: the digest is as good as random.
struct CacheKeyHash {
    std::size_t operator()(const CacheKey& key) const;
};

/// The key that a client was told, with or without a namespace before it ("shop:0a1b..."); nullopt
/// if the text is none.
std::optional<CacheKey> read_cache_key(std::string_view text);

/// What a key is made of. Views.
struct CacheKeyParts {
    std::string_view operation{};  ///< the id of what the client asks, streamed or not
    bool translated = false;       ///< `members` are those of the translation
    std::string_view group{};      ///< the model group
    std::string_view model{};      ///< what a wildcard stands for, else empty
    std::string_view name_space{};
    std::string_view scope{};               ///< who shares the answer; empty: everybody
    std::span<const bay_member> members{};  ///< of the request's document
    /// What else of the request reaches the provider: its headers, the query, tags.
    std::span<const std::pair<std::string_view, std::string_view>> beside{};
    /// Part of a member's value that does not count; empty: everything does. Such a key is nobody's answer: it stands
    /// for all requests that differ in this part alone.
    std::string_view open{};
};

/// The members of the document count in any order and with any white space between their parts; the
/// order inside of a value reaches the model and counts. What does not change the answer is left
/// out: `model` (the group stands for it), `stream`, `stream_options`, hints for
/// prompt caches and safety, and what is the gateway's own, but for the parameters that change the document
/// (`drop_params` and its kin). Allocates one text of the document's size.
CacheKey cache_key(const CacheKeyParts& parts);

}  // namespace patchbay
