// What the bench upstream answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::bench {

/// What a request asks for, by its path.
struct Wanted {
    enum class Kind {
        nothing,
        openai,
        anthropic,
        embeddings,
        responses,
        gemini,
        converse,
        cohere,
        stream,
        stream_messages,
        stream_responses
    } kind = Kind::nothing;
    long events = 0;               ///< stream: how many of them carry content
    std::uint64_t spacing_ns = 0;  ///< stream: between two of them
};

/// ".../events/<count>/<microseconds>/..." is a stream, whose events are in the API of the path's
/// end as those of whole answers: ".../messages" an answer in Anthropic's
/// shape; ".../chat/completions" one in OpenAI's, ".../responses" in that of its Responses API,
/// "...:generateContent" in Google's, ".../converse" in that of Amazon Bedrock, ".../v2/chat" in
/// Cohere's; ".../embeddings" a list of embeddings.
Wanted wanted_by(std::string_view path);

/// A whole answer with its head. Its body has 0.7 to 1.2 KB, that of embeddings 1.9 MB: 100 of 1,536
/// numbers each. The text lives as long as the program.
std::string_view whole_answer(Wanted::Kind kind);

/// The head of a chunked stream of server-sent events.
std::string_view stream_head();
/// What comes before the first content event, as a chunk; empty for OpenAI's chat API. `kind` is one
/// of the streams, here and below.
std::string_view stream_begin(Wanted::Kind kind);
/// One content event as a chunk; carries `now_ns` in its text.
std::string stream_event(Wanted::Kind kind, std::uint64_t now_ns);
/// Finish, usage and the mark of the end, and the last chunk.
std::string_view stream_end(Wanted::Kind kind);

}  // namespace patchbay::bench
