// What a client puts together from an answer in OpenAI's shape.
#pragma once

#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace patchbay::agreement {

/// A chat completion made of chunks, as OpenAI's clients do it: texts are joined, tool calls by
/// their index, lists grow, the last finish reason and usage stay.
boost::json::object join_chunks(const std::vector<std::string>& chunks);

/// What must be the same in both forms: by choice the content, refusal, reasoning, tool calls
/// (their arguments as values), annotations, thinking blocks and finish reason, and the usage.
/// Null, "" and absent are the same.
boost::json::object essence(const boost::json::object& completion);

/// The data of each event of a body, "[DONE]" left out.
std::vector<std::string> events_of(const std::string& body);

}  // namespace patchbay::agreement
