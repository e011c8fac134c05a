// A stream of OpenAI's chat API as a stream of its Responses API.
//
// The chunks of chat are deltas of one message; the events of a response are items, each with its
// parts, that open, grow and close, and the response around them. What is thought, said and drawn
// comes one item after the other: another kind closes the one before. Calls may come in mixed
// pieces, so several may be open at a time, each known by its output_index; one is closed when its
// arguments are a whole JSON object and something else comes, or at the end. Every item and the
// whole response are told again when they close, so their texts are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/openai/response_events.hpp"

namespace patchbay::surface {

/// State machine of one stream. One thread at a time.
class ResponseStream {
  public:
    /// What is kept of the answer, in bytes.
    static constexpr std::size_t kMaxKept = std::size_t{16} << 20;

    /// `request` must outlive this. `now`: seconds since 1970, for chunks that do not say when they
    /// were made.
    ResponseStream(const ResponseRequest& request, std::uint64_t now)
        : request_(request), events_(request, now) {}

    /// Takes the next chunk and calls `emit` for the events that it makes, in order; none before
    /// the first chunk that says something. Only the first choice is told. Fails (upstream) on what
    /// is no JSON object and when too much would be kept; the stream is over then.
    Result<void> chunk(std::string_view chunk_json, const EmitEvent& emit);

    /// The answer is whole: closes what is open and tells the whole response. To be called once, and
    /// not for an answer that was cut.
    void end(const EmitEvent& emit);

    /// The response that end() told, once.
    std::string take_told() { return events_.take_told(); }

    /// The answer was cut: tells the response as it stands, as failed. False if nothing was told
    /// yet.
    bool fail(std::string_view code, std::string_view message, const EmitEvent& emit);

  private:
    using Kind = ResponseItem::Kind;

    void read_delta(const json::object& choice, const json::object& delta);
    void read_thinking(const json::object& block, bool told_as_text);
    void read_call(const json::object& piece);
    void read_image(const json::object& image);
    void add_thought(std::string_view words);
    void add_words(Kind kind, std::string_view words, json::array logprobs);

    ResponseItem* open_thought();
    ResponseItem* open_message();
    ResponseItem& thought();
    ResponseItem& message(Kind kind);
    ResponseItem* call(const json::object& piece);
    void close_finished();

    const ResponseRequest& request_;
    ResponseEvents events_;
    std::string finish_reason_;
    std::string service_tier_;
    std::string usage_;
    std::deque<ResponseItem> open_;
    std::string last_thought_;  ///< of the last item of that kind that was closed
    CallPieces pieces_;
};

}  // namespace patchbay::surface
