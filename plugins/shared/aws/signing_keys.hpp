// The keys that sign for a day (SigV4), kept for the calls that follow.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "patchbay/sdk/sigv4.hpp"

namespace patchbay::aws {

/// What signs is made of the secret, the day, the region and the service by four digests, so that it is the same for
/// all calls of a deployment on one day. Any thread; a lock is held for a look into the table. Holds secrets.
class SigningKeys {
  public:
    /// Of deployments and of the sessions that they had on that day; all go when there are more, and when a day ends.
    static constexpr std::size_t kMost = 256;

    bay::Digest get(const bay::Crypto& crypto, std::string_view secret_access_key,
                    const bay::AwsScope& scope, std::int64_t unix_ms);

    std::size_t size() const;

  private:
    mutable std::mutex mutex_;
    std::int64_t day_ = -1;  ///< since 1970, of all keys that are kept
    std::map<std::string, bay::Digest, std::less<>> keys_;
};

}  // namespace patchbay::aws
