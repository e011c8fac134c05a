// Ids of tool calls for providers that take nine letters or digits and nothing else.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay::openai {

/// `id` if it is nine letters or digits, else nine that are made of it: the same for the same id, so
/// that a call and its result, and one request and the next, agree without memory.
std::string nine_character_id(std::string_view id);

/// Puts such ids into a message's tool calls and its tool_call_id. True if that changed anything.
bool shorten_call_ids(boost::json::object& message);

}  // namespace patchbay::openai
