// SPDX-License-Identifier: Apache-2.0
// `response_format`: JSON answers.
//
// Models that have structured outputs are asked for a schema as it is (structured_output.hpp), which
// leaves them free to think and to call tools. Others, and schemas that cannot be said there, go by
// way of a tool, as LiteLLM does it: a schema becomes the input schema of a tool of ours, the model is made to
// call that tool, and the input of the call is the answer's content. A schema whose top is no
// object (an array, a string) cannot be a tool's input, so it is wrapped as {"values": ...} and
// unwrapped again. Without a schema there is no tool: a model that follows an empty one answers {},
// and what the JSON is to hold stands in the prompt.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

inline constexpr std::string_view kJsonToolName = "json_tool_call";

enum class JsonMode {
    off,
    native,   ///< the text is JSON; a model that calls the tool all the same is understood
    plain,    ///< the tool's input is the content
    wrapped,  ///< its "values" member is
};

struct JsonTool {
    JsonMode mode = JsonMode::off;
    json::object tool;  ///< empty if off
};

/// `format`: the client's response_format. Type "text", and json_object without a schema, give mode
/// off.
Result<JsonTool> json_tool(const json::value& format);

/// Asks for the schema of `tool` by the body's output_format; false if it cannot be said there.
bool apply_structured_output(const JsonTool& json, json::object& body);

/// True if text is held back until it is known that no tool is called.
inline bool holds_text(JsonMode mode) {
    return mode == JsonMode::plain || mode == JsonMode::wrapped;
}

/// Adds the tool to `body` and makes the model call it: it alone if the client named no tools, else
/// one of all. While the model `thinks` it cannot be made to. Call it after tools and tool_choice
/// are set.
void apply_json_tool(JsonTool json, bool thinks, json::object& body);

/// Content of an answer from the tool's `input`.
std::string json_content(const json::value& input, JsonMode mode);

}  // namespace patchbay::anthropic
