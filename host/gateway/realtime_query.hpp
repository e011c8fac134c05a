// What a realtime client asks for: the query of its URL as a request body.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "gateway/attempt.hpp"

namespace patchbay::gateway {

/// {"model":"gpt-realtime","intent":"transcription"}: every parameter of the query as a text. Not
/// movable: `chat` points into `body`.
struct RealtimeQuery {
    static constexpr std::size_t kMaxParameters = 32;

    RealtimeQuery() = default;
    RealtimeQuery(const RealtimeQuery&) = delete;
    RealtimeQuery& operator=(const RealtimeQuery&) = delete;

    std::string body;
    ChatRequest chat;

    /// Reads a query without '?'. The error (400) is for the client.
    std::optional<Error> read(std::string_view query);
};

}  // namespace patchbay::gateway
