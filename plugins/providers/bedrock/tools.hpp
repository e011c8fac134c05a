// SPDX-License-Identifier: Apache-2.0
// The client's tools and its choice among them: in the form of Anthropic's Messages API, in which they
// are renamed and joined by those of the gateway, and then in Converse's.
#pragma once

#include "anthropic/betas.hpp"
#include "json.hpp"
#include "model.hpp"

namespace patchbay::bedrock {

/// Puts `tools` and `tool_choice` of Anthropic's form into `body` for the client's `tools` (or
/// `functions`), `web_search_options` and `tool_choice` (or `function_call`). Tools of free text become
/// functions with one text. Where earlier turns called tools and the request names none, one stands in
/// for them, as Bedrock refuses such a conversation without tools. With a choice of "none", which
/// Bedrock has not, the tools are left out. Features that Claude's tools need are added to `betas`.
/// Fails for tools that nobody runs on Bedrock.
Result<void> set_tools(const json::object& client, const Family& family, bool has_tool_blocks,
                       json::object& body, anthropic::Betas& betas);

/// Moves the tools of `body`, in Anthropic's form, to `toolConfig` of `converse`; tools of Claude's own
/// and what keeps it from several calls go to `fields`, additionalModelRequestFields.
void write_tools(json::object& body, const Model& model, json::object& converse,
                 json::object& fields);

}  // namespace patchbay::bedrock
