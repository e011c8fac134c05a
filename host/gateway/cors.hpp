// Which web pages may call the gateway and read its answers: the CORS protocol of the Fetch
// standard, with the values that LiteLLM's server sends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/request.hpp"
#include "gateway/response_head.hpp"

namespace patchbay::gateway {

/// Immutable; any thread. Credentials are never allowed: a key is a header that the page sets, so
/// no page can borrow one that a browser holds.
class Cors {
  public:
    /// All origins.
    Cors() = default;
    /// `origins` as in LiteLLM's LITELLM_CORS_ORIGINS: comma separated; empty or "*" = all.
    explicit Cors(std::string_view origins);

    /// Adds what the page that sent the request needs to read the answer. Nothing without an
    /// Origin, or for one that is not allowed.
    void add(ResponseHead& head, const Request& request) const;

    /// The answer to OPTIONS, which a browser asks without a key before it calls: a body that is
    /// sent with the head, "OK" or why not. `allow`: the methods of the path, empty if unknown.
    ResponseHead preflight(const Request& request, std::string_view allow,
                           std::string_view& body) const;

  private:
    bool allows(std::string_view origin) const;
    std::vector<std::string> origins_;  ///< empty = all
};

}  // namespace patchbay::gateway
