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

/// "https://host:port" of an address; all of it if there is no path.
std::string_view origin_of(std::string_view url);

/// The address that the request goes to: the deployment's, else the model's, else the dialect's. Where `rule` (or
/// nullptr) has one for the operation, that, if the other is at the provider's own host; and the
/// same place at another host whose path is the provider's (its second site, say). Empty if there is
/// none.
std::string address_of(const bay_ev_request& request, const Dialect& dialect,
                       const OperationRule* rule);

/// `base` + `path`, unless the base already ends so; one that ends in "/chat/completions" is whole
/// for chat, and gives that end up for other operations. A version that both have, "/v1", stands there
/// once. A query in `base` stays behind the path.
/// Empty if `base` is empty.
std::string operation_url(std::string_view base, std::string_view path);

/// The ids of the request in the places of their names in braces, and the client's query behind.
std::string resource_url(std::string url, const bay_ev_request& request);

/// Adds the headers of a request: content type, key, the dialect's own, those of the deployment
/// (`extra_headers`, and for OpenAI `organization` and `project`), those the client may send
/// through; for `messages` the version of Anthropic's API. A name comes once: the deployment's win over ours, ours over the client's. False if the
/// dialect needs a key and there is neither a key nor an authorization header from the deployment.
bool add_headers(const bay_ev_request& request, const Dialect& dialect,
                 std::string_view content_type, bay::HttpRequest& call);

/// The same as a list; nothing if that is false. A WebSocket has no content type.
using Headers = std::vector<std::pair<std::string, std::string>>;
std::optional<Headers> request_headers(const bay_ev_request& request, const Dialect& dialect,
                                       std::string_view content_type);

/// Without regard to case.
bool has_header(const Headers& headers, std::string_view name);

/// "https://host/v1?x=1" becomes "wss://host/v1/realtime?x=1&model=...", with the query parameters
/// that the client sent besides the model. Empty if `base` is no http(s) URL. `named`: the address
/// names the model already.
std::string realtime_url(std::string_view base, const bay_ev_request& request, bool named = false);

}  // namespace patchbay::openai
