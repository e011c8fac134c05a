#include "access.hpp"

#include <utility>

#include "patchbay/sdk/text.hpp"

namespace patchbay::shared {

Access Access::by_header(std::string_view name, std::string value) {
    Access access;
    access.header_ = name;
    access.value_ = std::move(value);
    return access;
}

Access Access::by_token(std::string key) {
    Access access;
    access.key_ = std::move(key);
    return access;
}

void Access::take(const bay_ev_shared& shared) {
    token_ = bay::sv(shared.value);
    value_ = "Bearer " + token_;
}

bool Access::renews(int status, bay::Out out) {
    constexpr int kUnauthorized = 401;
    if (status != kUnauthorized || key_.empty() || renewed_) return false;
    renewed_ = true;
    // By its value, so that a newer one stays.
    return out.shared_drop(key_, token_) == BAY_OK && ask(out) == BAY_OK;
}

}  // namespace patchbay::shared
