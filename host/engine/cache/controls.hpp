// What a client says of the response cache, in the body of a request.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "contract/error.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// LiteLLM's `cache: {...}`, and `caching`.
struct CacheControls {
    bool off = false;        ///< `caching: false`: neither look up nor keep
    bool no_cache = false;   ///< do not look up; the answer is kept
    bool no_store = false;   ///< do not keep
    bool use_cache = false;  ///< `use-cache`, or `caching: true`: where the mode is default_off
    std::optional<std::chrono::milliseconds> ttl;      ///< of what is kept
    std::optional<std::chrono::milliseconds> max_age;  ///< `s-maxage`: older ones are not wanted
    std::optional<std::string> name_space;             ///< `namespace`
};

/// Reads them among the members of a body. An Error (400) for a value of the wrong type, with `param`
/// naming it. Members of `cache` that LiteLLM does not know are ignored. `allowed`: the controls that the caller's key may
/// use, empty = all; another one is an Error (403) in LiteLLM's words.
Result<CacheControls> read_cache_controls(std::span<const bay_member> members,
                                          std::span<const std::string> allowed = {});

}  // namespace patchbay
