// The events of a streamed response, and the items that they tell of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/hub/json_progress.hpp"
#include "engine/surface/openai/response_items.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay::surface {

/// An item of the output while it comes.
struct ResponseItem {
    enum class Kind : std::uint8_t { thought, text, refusal, call, custom_call, search_call };

    /// A message is `text` or `refusal`, as its open part is.
    Kind kind = Kind::text;
    std::size_t index = 0;  ///< output_index
    std::string id{};
    std::string words{};          ///< of the open part, or the arguments
    std::string half{};           ///< half a character that waits for its other half
    json::array parts{};          ///< of a message: those that are closed
    json::array annotations{};    ///< of the open part
    json::array logprobs{};       ///< likewise
    json::array thinking{};       ///< of a thought: Anthropic's blocks
    std::size_t in_thinking = 0;  ///< how many of its words they hold
    std::size_t call = 0;         ///< of a call: its number
    std::string call_id{};        ///< likewise
    std::string name{};           ///< likewise; empty: not known yet
    std::string group{};          ///< likewise: the namespace of its tool; may be empty
    JsonProgress progress{};      ///< of its arguments

    bool is_message() const { return kind == Kind::text || kind == Kind::refusal; }
    bool is_call() const { return kind >= Kind::call; }
};

/// Writes events, numbers them and keeps what the last one has to tell again. One thread at a time.
class ResponseEvents {
  public:
    /// `request` must outlive this. `now`: seconds since 1970, if nobody says when it was made.
    ResponseEvents(const ResponseRequest& request, std::uint64_t now)
        : request_(request), created_at_(now) {}

    /// Where events go until the next call; must live as long.
    void to(const EmitEvent& emit) { emit_ = &emit; }

    /// What is known of the chat answer; counts until the response has begun.
    void know(std::string_view chat_id, std::uint64_t created);
    bool begun() const { return begun_; }
    /// response.created and response.in_progress, once.
    void begin();
    /// The last event: "response.completed" and the like. `state` has status, usage and the rest;
    /// what this knows is put in.
    void last(std::string_view type, ResponseState state);

    /// The response as last() told it, once.
    std::string take_told() { return std::move(told_); }

    /// Gives the item its place in the output and its id, and tells that it is there.
    void open(ResponseItem& item);
    /// Opens a part of a thought or a message.
    void open_part(const ResponseItem& item);
    /// Tells words of the open part, or of the arguments of a call, and keeps them.
    void words(ResponseItem& item, std::string_view words, json::array logprobs = {});
    void annotation(ResponseItem& item, json::value annotation);
    /// Tells the open part of a thought or a message again.
    void close_part(ResponseItem& item);
    /// Closes what is open of the item and tells it again.
    void close(ResponseItem& item, std::string_view status);
    /// An item that comes whole.
    void whole(json::object begun, json::object value);

    /// The id of a new item.
    std::string next_id(std::string_view prefix) const;
    /// How many items have a place.
    std::size_t count() const { return output_.size(); }
    /// Bytes that are kept.
    std::size_t kept() const { return kept_; }

  private:
    std::string event(std::string_view type);
    std::string event_of(std::string_view type, const ResponseItem& item);
    void send(std::string_view type, std::string& text) const;
    std::string state(std::string_view type, const ResponseState& state);
    void tell_words(ResponseItem& item, std::string_view words, bool last, json::array logprobs);
    void close_call(ResponseItem& item, std::string_view status);
    void added(std::size_t index, const json::object& value);
    void done(std::size_t index, const json::object& value);

    const ResponseRequest& request_;
    const EmitEvent* emit_ = nullptr;
    std::string chat_id_;
    std::uint64_t created_at_;
    bool begun_ = false;
    std::uint64_t sequence_ = 0;
    std::size_t kept_ = 0;
    std::string told_;
    std::vector<std::string> output_;  ///< the closed items by output_index; empty: open
};

}  // namespace patchbay::surface
