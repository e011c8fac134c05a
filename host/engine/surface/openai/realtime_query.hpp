// What a realtime client asks for: the query of its URL as a request body.
#pragma once

#include <optional>

#include "contract/error.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {

inline constexpr std::size_t kMaxRealtimeParameters = 32;

/// Reads parts.query into {"model":"gpt-realtime","intent":"transcription"}: every parameter as a
/// text. The error (400) is for the client.
std::optional<Error> read_realtime_query(const AskParts& parts, Ask& ask);

}  // namespace patchbay
