// Errors as Google's clients read them.
#pragma once

#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::surface {

/// Google's error object, for an answer and for an element of a stream:
/// {"error":{"code":429,"message":...,"status":"RESOURCE_EXHAUSTED","details":[...]}}. The code is
/// generate_error_status(). The details tell how long to wait, if that is known, and the call's id.
std::string generate_error(const Error& error, std::string_view request_id = {});

/// The HTTP status that goes with it: where Google has one for the class (400 for all that is wrong
/// with a request, 429 quota, 504 timeout, 503 overloaded), that; else the error's own.
int generate_error_status(const Error& error);

}  // namespace patchbay::surface
