// A stream of the Responses API as the chunks of a chat answer.
//
// Both stream deltas. The Responses API says them item by item, tells everything again when an item
// is done, and a third time in the whole response at the end; servers that are like OpenAI leave out
// one or the other. So each item remembers what of it was told, and what was not is taken from where
// it comes next: nothing is lost and nothing said twice.
//
//   - The role goes with the first delta that says something, so that a stream that fails at once has
//     shown the client nothing and another deployment can take over.
//   - A sealed thought comes with the end of its item. Its block is then told whole, as Anthropic's
//     are; its words came before, as reasoning_content.
//   - Only response.completed or response.incomplete make an answer whole: what ends before is cut.
//
// Tested by responses_stream_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "responses_values.hpp"

namespace patchbay::openai {

/// State machine of one stream. Not thread-safe. Keeps of each item what was told, not its words.
class ResponsesStream {
  public:
    enum class State : std::uint8_t {
        going_on,
        ended,       ///< the answer is whole
        failed,      ///< the provider says that it failed: the event says why
        unreadable,  ///< the event is no JSON object
    };

    /// `want_usage`: close with a chunk that holds the usage and no choices.
    ResponsesStream(ChatAnswerContext context, bool want_usage)
        : context_(std::move(context)), want_usage_(want_usage) {}

    /// Takes the data of one event, named `name` where the data does not say its type, and appends
    /// the chunks it makes to `chunks`. Events of unknown types make none, and those behind the end.
    State feed(std::string_view name, std::string_view data, std::vector<std::string>& chunks);

    bool ended() const { return ended_; }
    /// Of a stream that ended or failed, if it was told.
    const std::optional<bay_usage>& usage() const { return usage_; }
    /// Of a stream that failed: the error in the form of OpenAI's error documents.
    const std::string& error() const { return error_; }

  private:
    enum class Kind : std::uint8_t { message, thought, call, other };
    /// What was told of one item of the output.
    struct Item {
        std::uint64_t index = 0;
        std::string id;  ///< empty: not told
        Kind kind = Kind::other;
        std::uint64_t start = 0;  ///< code points of the answer before its part
        std::uint64_t part = 0;   ///< the part that deltas came of last
        std::uint64_t call = 0;   ///< its number among the calls
        bool called = false;      ///< the call's name was told
        bool custom = false;      ///< a call with free text
        bool said = false;        ///< words, or the arguments of the call
        bool cited = false;
        bool judged = false;   ///< logprobs
        bool thought = false;  ///< words of the thought
        bool done = false;
    };

    State fail(const json::object& event);
    void item_added(const json::object& event);
    void item_done(const json::object& event);
    void words_delta(const json::object& event, std::string_view member);
    void thought_part(const json::object& event);
    void thought_delta(const json::object& event);
    void annotation_added(const json::object& event);
    void call_delta(const json::object& event);
    void end(const json::object& response, std::string_view usage);

    /// The item that an event is about, by its id; servers that give an item a new id in each event
    /// mean that of the same kind at the same place.
    Item& item_of(Kind kind, std::uint64_t index, std::string_view id);
    Item& item_of(Kind kind, const json::object& event);
    Item& item_of(const json::object& told, std::uint64_t index);
    void tell_rest(const json::object& told, Item& item);
    void tell_message(const json::object& told, Item& item);
    void tell_thought(const json::object& told, Item& item);
    void tell_call(const json::object& told, Item& item);
    void begin_call(const json::object& told, Item& item);
    void tell_arguments(std::string_view piece, const Item& item);
    void tell_annotations(const json::array& given, std::uint64_t offset);

    void begin(const json::object& response);
    /// Begins a chunk whose delta is written behind what it returns and closed by end_delta().
    std::string& begin_delta();
    void end_delta(const json::value* logprobs = nullptr);
    void tell(std::string_view member, std::string_view words,
              const json::value* logprobs = nullptr);

    ChatAnswerContext context_;
    bool want_usage_;
    std::string head_;  ///< what every chunk begins with
    std::vector<Item> items_;
    std::uint64_t characters_ = 0;  ///< of the content
    std::uint64_t calls_ = 0;
    std::uint64_t images_ = 0;

    bool role_told_ = false;
    bool ended_ = false;
    std::optional<bay_usage> usage_;
    std::string error_;
    std::vector<std::string>* chunks_ = nullptr;  ///< of feed()
};

}  // namespace patchbay::openai
