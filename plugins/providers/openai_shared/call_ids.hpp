// Ids of tool calls for providers that do not take all: nine letters or digits and nothing else, or no
// more than 64 characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "dialect.hpp"

namespace patchbay::openai {

/// `id` if it is nine letters or digits, else nine that are made of it: the same for the same id, so
/// that a call and its result, and one request and the next, agree without memory.
std::string nine_character_id(std::string_view id);

/// What stands between the id of a call and the state of a model of Google's, which this gateway (and
/// LiteLLM) put there for the model's next turn.
inline constexpr std::string_view kCallState = "__thought__";

/// Takes that state out of ids that are longer than OpenAI takes, in a message's tool calls and its
/// tool_call_id. True if that changed anything.
bool drop_call_state(boost::json::object& message);

/// The same for "input" of the Responses API, a JSON text; nothing if that changes nothing.
std::optional<std::string> without_call_state(std::string_view input);

/// True if the model is OpenAI's, which takes no longer ids: by its name, or wherever the dialect's
/// names say nothing (at Azure). What else an address of one's own serves takes ids of any length.
bool has_openais_ids(const Dialect& dialect, std::string_view model);

/// Puts such ids into a message's tool calls and its tool_call_id. True if that changed anything.
bool shorten_call_ids(boost::json::object& message);

}  // namespace patchbay::openai
