// A failure that a provider told in words of its own.
#pragma once

#include <string_view>

#include "error_class.hpp"
#include "failure.hpp"

namespace patchbay::shared {

/// Everything but the wait and the type, which providers tell each in their way. `status`: of HTTP,
/// or 0 for an error that came without one; `error` is `body`, read, and `cls` its class. The
/// message is the body, of which it holds the first 16 KiB, or says what an empty one leaves to say.
Failure told_failure(int status, std::string_view body, const ErrorText& error,
                     const ErrorClass& cls);

}  // namespace patchbay::shared
