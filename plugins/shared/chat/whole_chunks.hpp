// A whole chat answer as the chunks of a stream, for a provider that answers whole although a
// stream was asked for.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::shared {

/// `answer` in OpenAI's shape, with "choices". What a client puts together from the chunks is the
/// answer: one chunk has every choice's message as its delta (tool calls with their index), the
/// next the finish reasons, and a last one the usage if the answer has it.
std::vector<boost::json::object> whole_as_chunks(boost::json::object answer);

}  // namespace patchbay::shared
