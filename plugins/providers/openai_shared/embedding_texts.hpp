// The texts of an embeddings request, for providers that take texts alone.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "request.hpp"

namespace patchbay::openai {

/// `input` of the client's request, a text or a list of texts, as a list. Refused: whatever else it is, also token ids,
/// which are of OpenAI's tokenizers, and a body that is no object (nullptr).
Written<boost::json::array> texts_of_input(const boost::json::object* client);

}  // namespace patchbay::openai
