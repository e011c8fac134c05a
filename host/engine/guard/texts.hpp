// The texts that people and models wrote in an OpenAI request or answer: found, shown to
// guardrails, and put back changed.
//
// In an answer every string counts that is not known to be structure (ids, roles, types, links),
// wherever it stands: a field of a provider's own that repeats the model's words must not slip past
// a mask. Tested by texts_test.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "patchbay/provider.h"

namespace patchbay::guard {

/// One text. `value` points into the document it was found in.
struct Text {
    std::string path;  ///< RFC 6901
    std::string role;  ///< system, user, assistant, tool; "" if nobody's in particular
    boost::json::string* value = nullptr;
    std::string copy;  ///< the text as plain characters; what the bay_text views
};

/// Message contents and their text parts, reasoning and tool arguments of earlier answers, tool
/// descriptions, `prompt`, `input`; in document order.
std::vector<Text> request_texts(boost::json::value& request);

/// The texts of a whole answer: all strings of `choices[].message` (or `.text`) that are not
/// structure.
std::vector<Text> answer_texts(boost::json::value& answer);

/// The texts of one choice's `delta` in a stream chunk. Paths count array elements by their `index`
/// member where they have one, as OpenAI's chunks do: "/choices/0/delta/tool_calls/1/function/
/// arguments".
std::vector<Text> delta_texts(boost::json::value& choice);

/// Views for an Inspection; valid as long as `texts` is not changed.
std::vector<bay_text> views(const std::vector<Text>& texts);

/// Takes token probabilities from a choice whose text was changed: they spell out the text before.
void drop_logprobs(boost::json::value& choice);

}  // namespace patchbay::guard
