#include "engine/surface/bedrock/converse_error.hpp"

#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

TEST(ConverseError, HasAwssNameAndStatus) {
    const struct {
        ErrorClass cls;
        int given;
        int status;
        const char* type;
        const char* in_stream;
    } cases[] = {
        {ErrorClass::bad_request, 0, 400, "ValidationException", "validationException"},
        {ErrorClass::bad_request, 413, 400, "ValidationException", "validationException"},
        {ErrorClass::bad_request, 422, 400, "ValidationException", "validationException"},
        {ErrorClass::context_length, 0, 400, "ValidationException", "validationException"},
        {ErrorClass::content_policy, 0, 400, "ValidationException", "validationException"},
        {ErrorClass::unsupported, 0, 400, "ValidationException", "validationException"},
        {ErrorClass::authentication, 0, 403, "UnrecognizedClientException",
         "modelStreamErrorException"},
        {ErrorClass::permission, 0, 403, "AccessDeniedException", "modelStreamErrorException"},
        {ErrorClass::not_found, 0, 404, "ResourceNotFoundException", "modelStreamErrorException"},
        {ErrorClass::rate_limit, 0, 429, "ThrottlingException", "throttlingException"},
        {ErrorClass::quota, 0, 400, "ServiceQuotaExceededException", "throttlingException"},
        {ErrorClass::timeout, 0, 408, "ModelTimeoutException", "modelStreamErrorException"},
        {ErrorClass::timeout, 504, 408, "ModelTimeoutException", "modelStreamErrorException"},
        {ErrorClass::overloaded, 0, 503, "ServiceUnavailableException",
         "serviceUnavailableException"},
        {ErrorClass::upstream, 0, 500, "InternalServerException", "internalServerException"},
        {ErrorClass::upstream, 502, 500, "InternalServerException", "internalServerException"},
        {ErrorClass::unknown, 0, 500, "InternalServerException", "internalServerException"},
    };
    for (const auto& c : cases) {
        Error error;
        error.cls = c.cls;
        error.http_status = c.given;
        error.message = "no \"luck\"";
        EXPECT_EQ(converse_error_status(error), c.status) << c.type;
        EXPECT_EQ(converse_error_type(error), c.type) << c.given;
        EXPECT_EQ(converse_stream_exception(error), c.in_stream) << c.type;
        EXPECT_EQ(converse_error(error), R"({"message":"no \"luck\""})");
    }
}

}  // namespace

}  // namespace patchbay::surface
