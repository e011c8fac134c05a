// A chat completion request to Google's generateContent.
#pragma once

#include <string>
#include <string_view>

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "parameters.hpp"

namespace patchbay::google {

struct Call {
    std::string body;  ///< JSON of a GenerateContentRequest; the same request gives the same bytes
    FunctionNames names;
    bay::Dropped dropped;  ///< members that are not sent although they say something
};

/// Pure. Members that neither Google nor the table of its parameters has are dropped: Google refuses
/// a request that holds a name it does not know. `extra_body` is put into the body as it is.
Result<Call> translate_request(std::string_view client_json, const RequestOptions& options);

/// The same for a request of the host's, which says the model, what may be dropped and what is allowed.
Result<Call> translate_request(const bay_ev_request& request, RequestOptions options);

}  // namespace patchbay::google
