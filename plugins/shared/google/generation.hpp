// The client's sampling, output form and kinds of output, as Google's generationConfig.
#pragma once

#include "failure.hpp"
#include "json.hpp"
#include "parameters.hpp"

namespace patchbay::google {

/// What a member of generationConfig is called upstream, of either spelling; empty if it is none.
/// Static.
std::string_view generation_field(std::string_view name);

/// generationConfig for `client`, without what stands in the turns; empty if it says nothing. Names
/// of Google's own ("topK", "top_k", "imageConfig") are taken as well as OpenAI's, and win. Of more
/// than five stop sequences the first five are sent, and `dropped` gets "stop".
Result<json::object> generation_config(const json::object& client, const ModelTraits& traits,
                                       const RequestOptions& options, bay::Dropped& dropped);

}  // namespace patchbay::google
