// Whether a request may go on with its virtual key.
#pragma once

#include <optional>

#include "contract/error.hpp"
#include "gateway/request.hpp"

namespace patchbay::gateway {

/// `request` has its principal. An Error if that is blocked, has expired, or may not call the route.
std::optional<Error> check_principal(const Request& request);

}  // namespace patchbay::gateway
