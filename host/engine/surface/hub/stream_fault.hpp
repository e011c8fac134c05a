// A provider's stream that cannot be told in another API.
#pragma once

#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::surface {

/// The provider's fault; `what` ends the sentence.
inline Error stream_fault(std::string_view what) {
    Error error;
    error.cls = ErrorClass::upstream;
    error.message = "The provider's stream cannot be read: " + std::string(what);
    return error;
}

}  // namespace patchbay::surface
