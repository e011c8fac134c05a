// SPDX-License-Identifier: Apache-2.0
// A call that AWS authorizes: asks for a session if it needs one, is signed when it goes out, and goes
// out once more with another session if AWS refuses the first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::aws {

/// The calls of one exchange, one after another: POST, of JSON. Holds secrets. [exchange]
///
///     on_request     settle(), start()
///     on_shared      on_shared()
///     on_http_done   renews() ? nothing : the end of the call
class SignedCall {
  public:
    /// `service` names it in signatures ("bedrock"); static. `crypto` must outlive this.
    SignedCall(const bay::Crypto& crypto, std::string_view service)
        : crypto_(crypto), service_(service) {}

    /// Whose calls they are: the client's headers that may go on, those of the deployment's
    /// `settings`, the region that they are signed for, and with what.
    void settle(const bay_ev_request& request, json::object settings, std::string region,
                Access access);
    /// A header more of each call, in lower case, which is signed with it.
    void header(std::string_view name, std::string_view value) { own_.emplace_back(name, value); }

    /// Makes a call as soon as it is authorized. `decode` is BAY_DECODE_*. The body is kept.
    bay_status start(std::string url, std::string body, std::uint32_t decode, bay::Out out);
    /// The same for the client's body, whose bytes stay with the host: to be called in on_request().
    /// `body` must live and be left alone until the call has ended.
    bay_status start(std::string url, bay::Splice& body, std::uint32_t decode, bay::Out out);
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out);
    /// True if the call that ended with `done` is made once more.
    bool renews(const bay_ev_http& done, bay::Out out) { return access_.renews(done, out); }

  private:
    bay_status begin(std::string url, std::uint32_t decode, bay::Out out);
    bay_status call(bay::Out out);

    const bay::Crypto& crypto_;
    std::string_view service_;
    json::object settings_;
    std::string region_;
    Access access_;
    std::vector<std::pair<std::string, std::string>> client_headers_, own_;
    std::string url_;
    std::string body_;               ///< if there are no segments
    std::vector<bay_seg> segments_;  ///< of the client's body
    bay::Digest digest_{};           ///< of the body, if calls are signed
    std::uint32_t decode_ = 0;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::aws
