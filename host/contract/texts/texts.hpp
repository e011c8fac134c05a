// The texts of a stream chunk: found, taken out, and put together with what came before
// (stream_window.hpp). Those of whole documents: document_texts.hpp.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

namespace patchbay::guard {

/// One text. `value` points into the tree it was found in.
struct Text {
    std::string path;  ///< RFC 6901
    std::string role;  ///< "assistant"
    boost::json::string* value = nullptr;
    std::string copy;        ///< the text as plain characters, with halves of pairs as in a tree
    bool arguments = false;  ///< JSON text, whose escapes its reader resolves
};

/// All strings of one choice's `delta` (and `text`) that are not structure. Paths count array
/// elements by their `index` member where they have one, as OpenAI's chunks do:
/// "/choices/0/delta/tool_calls/1/function/arguments".
std::vector<Text> delta_texts(boost::json::value& choice);

/// Takes token probabilities from a choice whose text was changed: they spell out the text before.
void drop_logprobs(boost::json::value& choice);

}  // namespace patchbay::guard
