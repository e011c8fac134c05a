// Errors as AWS's clients read them: a header says which exception it is, the body what happened.
#pragma once

#include <string>
#include <string_view>

#include "contract/error.hpp"

namespace patchbay::surface {

/// {"message":...}. The id of the call stands in a header.
std::string converse_error(const Error& error, std::string_view request_id = {});

/// The HTTP status that goes with it: where AWS has one for the class, that; else the error's own.
int converse_error_status(const Error& error);

/// For x-amzn-errortype: "ThrottlingException". Static.
std::string_view converse_error_type(const Error& error);

/// For ":exception-type" of a stream, one of those that Bedrock's streams have:
/// "throttlingException". Static.
std::string_view converse_stream_exception(const Error& error);

}  // namespace patchbay::surface
