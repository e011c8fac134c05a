// Where the requests of a provider go, and what authorizes them, if a row cannot say it.
#pragma once

#include <string>
#include <string_view>

#include "dialect.hpp"
#include "oauth/access.hpp"
#include "request.hpp"

namespace patchbay::openai {

/// One request's way to the provider.
struct Visit {
    std::string address;        ///< as a deployment's api_base: operation_url() makes the URL of it
    shared::Access access;      ///< may be none; a header of the same name of the deployment's wins
    bool names_model = false;   ///< the address says it, and the request need not
    bool tells_usage = true;    ///< knows stream_options; else only a client's own are sent
    std::string also_bearer{};  ///< a key that is sent as a bearer token, too; may be empty
};

/// Immutable, made with the instance. [any]
class Site {
  public:
    virtual ~Site() = default;

    /// For `operation` (BAY_OP_*), which need not be the request's own: chat may be asked by way of
    /// the Responses API.
    virtual Written<Visit> visit(const bay_ev_request& request,
                                 std::string_view operation) const = 0;
};

}  // namespace patchbay::openai
