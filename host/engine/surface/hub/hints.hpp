// What a client of another API says of the way to an answer.
#pragma once

#include <string_view>

namespace patchbay::surface {

/// Parameters of the hub that cannot change what is answered, or only how long was thought and
/// talked about it, comma separated. Clients send them by themselves, to whatever model; a provider
/// that does not take one goes without.
inline constexpr std::string_view kHintParams =
    "user,safety_identifier,prompt_cache_key,prompt_cache_retention,reasoning_effort,thinking,"
    "verbosity,top_k";

}  // namespace patchbay::surface
