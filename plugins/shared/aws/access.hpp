// How the calls of one exchange are authorized: by a bearer key, or signed with keys, which may be a
// session's that requests share.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "credentials.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::aws {

/// One exchange's. Holds secrets.
class Access {
  public:
    /// Of an API key of Bedrock's, as AWS_BEARER_TOKEN_BEDROCK has one.
    static Access by_key(std::string_view api_key);
    static Access by_credentials(const Credentials& credentials, const bay::Crypto& crypto);

    /// A call may go out; else ask() for the session first.
    bool ready() const { return !bearer_.empty() || session_.complete(); }
    bay_status ask(bay::Out out) const { return out.shared_get(key_); }
    /// The answer to ask(), which had BAY_OK. Fails with BAY_ERR_AUTH if it holds no session.
    Result<void> take(const bay_ev_shared& shared);
    /// A call that ended with `done` is to be made once more with another session, which is asked for
    /// here: AWS has refused this one. At most once.
    bool renews(const bay_ev_http& done, bay::Out out);

    /// The call is signed, so signing() needs the digest of its body.
    bool signs() const { return bearer_.empty(); }
    /// The headers that authorize `request`; `unix_ms` is the host's time.
    std::vector<std::pair<std::string, std::string>> headers(const bay::Crypto& crypto,
                                                             const bay::AwsScope& scope,
                                                             std::int64_t unix_ms,
                                                             const bay::AwsRequest& request) const;

  private:
    std::string bearer_;
    Session session_;
    std::string key_;     ///< of the shared value; empty: there is none
    std::string shared_;  ///< as it was shared
    bool renewed_ = false;
};

}  // namespace patchbay::aws
