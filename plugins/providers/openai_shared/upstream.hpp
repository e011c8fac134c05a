// Where a request goes and with which headers.
#pragma once

#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::openai {

/// `base` + `path`, unless the base already ends in "/chat/completions". A query in `base` stays
/// behind the path. Empty if `base` is empty.
std::string chat_url(std::string_view base, std::string_view path);

/// Adds the headers of a request: content type, key, the dialect's own, those of the deployment
/// (`extra_headers`, and for OpenAI `organization` and `project`), those the client may send
/// through. A name comes once: the deployment's win over ours, ours over the client's. False if the
/// dialect needs a key and there is neither a key nor an authorization header from the deployment.
bool add_headers(const bay_ev_request& request, const Dialect& dialect, bay::HttpRequest& call);

}  // namespace patchbay::openai
