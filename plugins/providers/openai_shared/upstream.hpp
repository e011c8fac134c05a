// Where a request goes and with which headers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::openai {

/// `base` + `path`, unless the base already ends so; one that ends in "/chat/completions" is whole
/// for chat, and gives that end up for other operations. A query in `base` stays behind the path.
/// Empty if `base` is empty.
std::string operation_url(std::string_view base, std::string_view path);

/// Adds the headers of a request: content type, key, the dialect's own, those of the deployment
/// (`extra_headers`, and for OpenAI `organization` and `project`), those the client may send
/// through. A name comes once: the deployment's win over ours, ours over the client's. False if the
/// dialect needs a key and there is neither a key nor an authorization header from the deployment.
bool add_headers(const bay_ev_request& request, const Dialect& dialect,
                 std::string_view content_type, bay::HttpRequest& call);

/// The same for a WebSocket, which has no content type.
using Headers = std::vector<std::pair<std::string, std::string>>;
std::optional<Headers> websocket_headers(const bay_ev_request& request, const Dialect& dialect);

/// "https://host/v1?x=1" becomes "wss://host/v1/realtime?x=1&model=...", with the query parameters
/// that the client sent besides the model. Empty if `base` is no http(s) URL.
std::string realtime_url(std::string_view base, const bay_ev_request& request);

}  // namespace patchbay::openai
