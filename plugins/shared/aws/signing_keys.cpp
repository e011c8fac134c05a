#include "signing_keys.hpp"

namespace patchbay::aws {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// No part has a zero byte: regions and services come out of names, and a secret is a text of a configuration.
std::string name_of(std::string_view secret, const bay::AwsScope& scope) {
    std::string name;
    name.reserve(secret.size() + scope.region.size() + scope.service.size() + 2);
    name.append(scope.region).push_back('\0');
    name.append(scope.service).push_back('\0');
    return name.append(secret);
}

}  // namespace

bay::Digest SigningKeys::get(const bay::Crypto& crypto, std::string_view secret_access_key,
                             const bay::AwsScope& scope, std::int64_t unix_ms) {
    const std::int64_t day = unix_ms / kDayMs;
    std::string name = name_of(secret_access_key, scope);
    {
        const std::lock_guard lock(mutex_);
        if (day != day_ || keys_.size() >= kMost) {
            keys_.clear();
            day_ = day;
        }
        const auto found = keys_.find(name);
        if (found != keys_.end()) return found->second;
    }
    const bay::Digest key = bay::sigv4_key(crypto, secret_access_key, scope, unix_ms);
    const std::lock_guard lock(mutex_);
    if (day == day_) keys_.insert_or_assign(std::move(name), key);
    return key;
}

std::size_t SigningKeys::size() const {
    const std::lock_guard lock(mutex_);
    return keys_.size();
}

}  // namespace patchbay::aws
