// How the calls of one exchange are authorized: by a header that is known, or by a token that
// requests share.
//
//     on_request     ready() ? call : ask()
//     on_shared      take(), call
//     on_http_done   renews() ? the next on_shared calls again : the answer
#pragma once

#include <patchbay/exchange.h>
#include <string>
#include <string_view>

#include "patchbay/sdk/out.hpp"

namespace patchbay::shared {

/// One exchange's. Holds secrets. Without by_header() or by_token() there is nothing to send.
class Access {
  public:
    Access() = default;
    /// A header that is known already. `name` is static.
    static Access by_header(std::string_view name, std::string value);
    /// A bearer token: the shared value `key`.
    static Access by_token(std::string key);

    bool exists() const { return !value_.empty() || !key_.empty(); }
    /// A call may go out; else ask() for the token first.
    bool ready() const { return !value_.empty(); }
    bay_status ask(bay::Out out) const { return out.shared_get(key_); }
    /// The answer to ask(), which had BAY_OK.
    void take(const bay_ev_shared& shared);
    /// A call that ended with `status` is to be made once more with another token, which is asked for
    /// here: the provider has revoked this one. At most once.
    bool renews(int status, bay::Out out);

    std::string_view header() const { return header_; }
    const std::string& value() const { return value_; }

  private:
    std::string_view header_ = "authorization";
    std::string value_;
    std::string key_;    ///< of the shared value; empty: there is none
    std::string token_;  ///< as it was shared
    bool renewed_ = false;
};

}  // namespace patchbay::shared
