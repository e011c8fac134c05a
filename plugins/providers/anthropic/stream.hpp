// SPDX-License-Identifier: Apache-2.0
// A Messages API stream to chat completion chunks.
//
// Anthropic streams blocks: content_block_start, deltas, content_block_stop, one block after
// another, between message_start and message_stop. OpenAI streams deltas of one message. What
// differs:
//   - The role goes with the first delta that says something, not with message_start, so that a
//   stream
//     that fails at once has shown the client nothing yet and another deployment can take over.
//   - A tool call's input comes as fragments of JSON text in both; a call without input sends no
//     fragment, so "{}" is sent when its block stops.
//   - The finish reason comes before the end in Anthropic's stream. It is held until message_stop:
//   what
//     is cut before that is a failure, not an answer.
//   - A thinking block can be sent back only whole, with its signature. Its text comes as
//     reasoning_content piece by piece; the block comes once, when it stops.
//   - In JSON mode the input of our tool is the content. Text is held back then, as the model may
//   call
//     the tool after it, and dropped if it does. A wrapped answer is unwrapped when it is whole.
//
// Tested by stream_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failure.hpp"
#include "json.hpp"
#include "response.hpp"
#include "usage.hpp"

namespace patchbay::anthropic {

/// State machine of one stream. Not thread-safe; holds at most kMaxHeld bytes of text back, and as
/// many of a thinking block.
class StreamTranslator {
  public:
    static constexpr std::size_t kMaxHeld = std::size_t{16} << 20;
    /// More searches of one answer are told without what they found.
    static constexpr std::size_t kMaxSearches = 256;

    /// `want_usage`: close with a chunk that holds the usage and no choices.
    StreamTranslator(AnswerContext context, bool want_usage);

    /// Takes the data of one event and appends the chunks it makes to `chunks`. Events and deltas
    /// of unknown types make none. Fails on an error event (mapped as its status would be) and on
    /// data that is no event; the stream is over then.
    Result<void> feed(std::string_view data, std::vector<std::string>& chunks);

    /// True after message_stop.
    bool finished() const { return finished_; }
    const Usage& usage() const { return usage_; }
    /// True once after every event that stated counts. They are known from message_start on.
    bool take_usage_news() { return std::exchange(usage_news_, false); }

  private:
    enum class Block { other, text, thinking, tool, server, json, compaction };

    void start_message(const json::object& event);
    Result<void> start_block(const json::object& event, std::vector<std::string>& chunks);
    Result<void> delta(const json::object& event, std::vector<std::string>& chunks);
    void stop_block(std::vector<std::string>& chunks);
    void finish(std::vector<std::string>& chunks);

    Result<void> add_text(std::string_view text, std::vector<std::string>& chunks);
    Result<void> add_input(std::string_view fragment, std::vector<std::string>& chunks);
    Result<void> add_thought(std::string_view text, std::vector<std::string>& chunks);
    Result<void> hold(std::string& held, std::string_view text);
    void merge_usage(const json::object& from);
    void emit_thinking_block(json::object block, std::vector<std::string>& chunks);

    void emit(json::object delta, std::vector<std::string>& chunks);
    /// The call that the server block makes, whose input is whole.
    void end_server_call(std::vector<std::string>& chunks);
    void end_search(const json::object& block, std::vector<std::string>& chunks);
    /// Tells the search of that id.
    void emit_search(const std::string& id, json::object fields, std::vector<std::string>& chunks);
    void emit_arguments(std::string_view fragment, std::vector<std::string>& chunks);
    json::object chunk(json::array choices) const;

    AnswerContext context_;
    bool want_usage_;
    std::string id_;
    std::string model_;
    Usage usage_;
    bool usage_news_ = false;
    std::string stop_reason_;
    json::value stop_details_;

    Block block_ = Block::other;
    std::string held_;         // text in JSON mode, or a wrapped answer
    std::string thought_;      // of the thinking block
    std::string summary_;      // of the compaction block
    json::object compaction_;  // likewise: how it began
    std::string signature_;    // of the thinking block
    std::string start_input_;  // of the tool block, as its start states it
    bool block_had_input_ = false;
    std::string server_id_, server_tool_, server_input_;         // of the server block
    std::map<std::string, json::object, std::less<>> searches_;  // by the ids of their calls
    json::array citations_;                                      // of the text block
    std::uint64_t block_index_ = 0;
    std::uint64_t block_start_ = 0;
    std::uint64_t characters_ = 0;

    std::uint64_t tool_calls_ = 0;
    bool answered_in_json_ = false;
    bool role_sent_ = false;
    bool finished_ = false;
};

}  // namespace patchbay::anthropic
