#include "engine/surface/gemini/generate_error.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(GenerateError, HasGooglesCodeAndStatus) {
    const struct {
        ErrorClass cls;
        int given;
        int status;
        const char* word;
    } cases[] = {
        {ErrorClass::bad_request, 0, 400, "INVALID_ARGUMENT"},
        {ErrorClass::bad_request, 422, 400, "INVALID_ARGUMENT"},
        {ErrorClass::bad_request, 413, 400, "INVALID_ARGUMENT"},
        {ErrorClass::bad_request, 409, 409, "ABORTED"},
        {ErrorClass::context_length, 0, 400, "INVALID_ARGUMENT"},
        {ErrorClass::content_policy, 0, 400, "INVALID_ARGUMENT"},
        {ErrorClass::unsupported, 0, 400, "INVALID_ARGUMENT"},
        {ErrorClass::authentication, 0, 401, "UNAUTHENTICATED"},
        {ErrorClass::permission, 0, 403, "PERMISSION_DENIED"},
        {ErrorClass::not_found, 0, 404, "NOT_FOUND"},
        {ErrorClass::quota, 0, 429, "RESOURCE_EXHAUSTED"},
        {ErrorClass::rate_limit, 0, 429, "RESOURCE_EXHAUSTED"},
        {ErrorClass::timeout, 0, 504, "DEADLINE_EXCEEDED"},
        {ErrorClass::timeout, 408, 504, "DEADLINE_EXCEEDED"},
        {ErrorClass::overloaded, 0, 503, "UNAVAILABLE"},
        {ErrorClass::upstream, 0, 500, "INTERNAL"},
        {ErrorClass::upstream, 502, 502, "INTERNAL"},
        {ErrorClass::unknown, 0, 500, "INTERNAL"},
        {ErrorClass::unknown, 418, 418, "INVALID_ARGUMENT"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(static_cast<int>(c.cls));
        const auto error = error_of(c.cls, c.given);
        EXPECT_EQ(generate_error_status(error), c.status);
        EXPECT_EQ(generate_error(error),
                  tidy(R"({"error":{"code":)" + std::to_string(c.status) +
                       R"(,"message":"no \"luck\"","status":")" + c.word + R"("}})"));
    }
}

TEST(GenerateError, SaysWhenToTryAgainAndWhichCallItWas) {
    auto error = error_of(ErrorClass::rate_limit);
    error.retry_after = std::chrono::milliseconds(35'001);
    EXPECT_EQ(generate_error(error, "id-1"), tidy(R"({"error":{"code":429,"message":"no \"luck\"",
        "status":"RESOURCE_EXHAUSTED","details":[
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"},
        {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"id-1"}]}})"));
}

}  // namespace

}  // namespace patchbay::surface
