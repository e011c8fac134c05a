// The parts of a response of the Responses API, which whole answers and streams write alike.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/tree.hpp"
#include "engine/surface/openai/responses_tools.hpp"
#include "patchbay/provider.h"

namespace patchbay::surface {

/// What the responses to one request have in common.
struct ResponseRequest {
    /// What their ids are made of, if they are kept; empty: that of the chat answer.
    std::string id{};
    std::string previous{};      ///< id of the response that they go on from; may be empty
    std::string model;           ///< as the client asked for it
    std::string echo;            ///< echo_of() its members
    ChatNames names;             ///< of its tools
    CustomTools custom;          ///< likewise
    bool client_search = false;  ///< kToolSearch stands for the client's search among tools
};

/// What every response tells again of its request, as members of a JSON object without its braces:
/// instructions, tools, temperature, ...: as the client sent them, OpenAI's defaults where it sent
/// none. `members` are those of a body that was scanned.
std::string echo_of(std::span<const bay_member> members);

/// What is known of one response when it is told.
struct ResponseState {
    std::string_view id{};            ///< of the chat answer; may be empty
    std::uint64_t created_at = 0;     ///< seconds since 1970
    std::string_view status{};        ///< "in_progress", "completed", "incomplete", "failed"
    std::string_view incomplete{};    ///< why, if it is
    std::string_view output{"[]"};    ///< JSON array
    std::string_view usage{};         ///< JSON object; empty: null
    std::string_view error{};         ///< likewise
    std::string_view service_tier{};  ///< of the answer; empty: not told
};
/// What the ids of a response and of its items are made of. `chat_id`: of the chat answer.
std::string_view id_seed(const ResponseRequest& request, std::string_view chat_id);
std::string response_text(const ResponseRequest& request, const ResponseState& state);

/// How an answer ended.
struct ResponseEnd {
    std::string_view status = "completed";
    std::string_view incomplete{};  ///< why, if it is
};
/// By the finish_reason of its choice.
ResponseEnd response_end(std::string_view finish_reason);

/// OpenAI's usage in the newer words for `usage`, that of a chat answer, as JSON text; empty if
/// nothing is told.
std::string response_usage(const json::object* usage);

/// The item of what a model thought. `thinking`: Anthropic's blocks, kept for the way back in
/// encrypted_content; may be empty.
json::object reasoning_item(std::string_view id, std::string_view thought,
                            const json::array& thinking);
/// The item of what it said. `content` are parts.
json::object message_item(std::string_view id, json::array content, std::string_view status);
/// A part; `annotations` in the words of this API.
json::object text_part_of(std::string_view words, json::array annotations, json::array logprobs);
json::object refusal_part_of(std::string_view words);
/// What the client knows of the tool of a call.
struct CalledTool {
    std::string_view name;
    std::string_view group;  ///< its namespace; may be empty
    bool custom = false;     ///< its input is free text
    bool search = false;     ///< it is the client's search among tools
    /// With what the id of the item of a call begins.
    std::string_view prefix() const { return search ? "tsc_" : custom ? "ctc_" : "fc_"; }
};
/// By the name that was sent; views into `request`, or `sent` itself.
CalledTool called_tool(const ResponseRequest& request, std::string_view sent);
/// The item of a call.
json::object call_item(std::string_view id, std::string_view call_id, const CalledTool& tool,
                       std::string_view arguments, std::string_view status);
/// The item of an image that the model made; nothing if `image` (of a message's images) holds no
/// data.
json::object image_item(std::string_view id, const json::object& image);

/// The annotations of a chat message in the words of this API: their members flat.
json::array flat_annotations(const json::object& message);

/// The entries of a choice's logprobs, which are alike; empty if there are none.
json::array logprobs_of(const json::object& choice);

}  // namespace patchbay::surface
