// How the events of a streamed answer are written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patchbay {

enum class Framing : std::uint8_t {
    none,        ///< it has none
    sse_done,    ///< "data:" lines, and "[DONE]" at the end (OpenAI)
    sse_named,   ///< "event:" and "data:" lines; the last event is the end (Anthropic)
    sse_crlf,    ///< "data:" lines with CRLF; the last event is the end (Google, ?alt=sse)
    json_array,  ///< elements of one JSON array (Google)
    aws_events,  ///< AWS's messages: an event each, of its own type (Bedrock's Converse)
    aws_chunks,  ///< the same, each a "chunk" that holds the event in base64 (Bedrock's InvokeModel)
};

/// The texts around events, and what a stream that fails looks like.
struct FramingTexts {
    std::string_view content_type;
    bool names = false;         ///< an event's name stands before it, as "event: NAME\n"
    std::string_view first{};   ///< before the first event
    std::string_view before{};  ///< before each of the others
    std::string_view after{};   ///< behind each event
    std::string_view end{};     ///< behind the last
    std::string_view empty{};   ///< a good stream without events
    /// Clients see no error in an event that says so: the transfer is broken off behind it.
    bool errors_break = false;
    bool aws =
        false;  ///< AWS's binary messages (contract/framing/aws_eventstream.hpp), and no texts
};

inline constexpr std::string_view kEventStream = "text/event-stream; charset=utf-8";
inline constexpr std::string_view kAwsEventStream = "application/vnd.amazon.eventstream";
inline constexpr std::string_view kDoneEvent = "data: [DONE]\n\n";

/// In the order of Framing.
inline constexpr std::array<FramingTexts, 7> kFramingTexts{{
    {.content_type = kEventStream, .first = "data: ", .before = "data: ", .after = "\n\n"},
    {.content_type = kEventStream,
     .first = "data: ",
     .before = "data: ",
     .after = "\n\n",
     .end = kDoneEvent,
     .empty = kDoneEvent},
    {.content_type = kEventStream,
     .names = true,
     .first = "data: ",
     .before = "data: ",
     .after = "\n\n"},
    {.content_type = kEventStream,
     .first = "data: ",
     .before = "data: ",
     .after = "\r\n\r\n",
     .errors_break = true},
    {.content_type = "application/json; charset=utf-8",
     .first = "[",
     .before = ",\r\n",
     .end = "]",
     .empty = "[]",
     .errors_break = true},
    {.content_type = kAwsEventStream, .aws = true},
    {.content_type = kAwsEventStream, .aws = true},
}};

inline const FramingTexts& texts_of(Framing framing) {
    return kFramingTexts[static_cast<std::size_t>(framing)];
}

}  // namespace patchbay
