#include "engine/surface/anthropic/messages_error.hpp"

#include "engine/surface/hub/test_support.hpp"

namespace patchbay::surface {

namespace {

using test::error_of;

TEST(MessagesError, HasAnthropicsTypeAndStatus) {
    const struct {
        ErrorClass cls;
        int given;
        int status;
        const char* type;
    } cases[] = {
        {ErrorClass::bad_request, 0, 400, "invalid_request_error"},
        {ErrorClass::bad_request, 422, 422, "invalid_request_error"},
        {ErrorClass::bad_request, 409, 409, "invalid_request_error"},
        {ErrorClass::bad_request, 413, 413, "request_too_large"},
        {ErrorClass::context_length, 0, 400, "invalid_request_error"},
        {ErrorClass::content_policy, 0, 400, "invalid_request_error"},
        {ErrorClass::unsupported, 0, 400, "invalid_request_error"},
        {ErrorClass::authentication, 0, 401, "authentication_error"},
        {ErrorClass::quota, 0, 402, "billing_error"},
        {ErrorClass::quota, 429, 402, "billing_error"},
        {ErrorClass::permission, 0, 403, "permission_error"},
        {ErrorClass::not_found, 0, 404, "not_found_error"},
        {ErrorClass::rate_limit, 0, 429, "rate_limit_error"},
        {ErrorClass::timeout, 0, 504, "timeout_error"},
        {ErrorClass::timeout, 408, 504, "timeout_error"},
        {ErrorClass::overloaded, 0, 529, "overloaded_error"},
        {ErrorClass::overloaded, 503, 529, "overloaded_error"},
        {ErrorClass::upstream, 0, 500, "api_error"},
        {ErrorClass::upstream, 502, 502, "api_error"},
        {ErrorClass::unknown, 0, 500, "api_error"},
        {ErrorClass::unknown, 418, 418, "invalid_request_error"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(static_cast<int>(c.cls));
        const auto error = error_of(c.cls, c.given);
        EXPECT_EQ(messages_error_status(error), c.status);
        EXPECT_EQ(messages_error(error, "req_1"),
                  std::string(R"({"type":"error","error":{"type":")") + c.type +
                      R"(","message":"no \"luck\""},"request_id":"req_1"})");
    }
    EXPECT_NE(messages_error(error_of(ErrorClass::quota)).find(R"("request_id":null)"),
              std::string::npos);
}

TEST(MessagesError, AnOverloadThatAnthropicToldStaysOne) {
    Error error = error_of(ErrorClass::upstream, 500);
    error.upstream_status = 529;
    EXPECT_EQ(messages_error_status(error), 529);
    EXPECT_NE(messages_error(error).find(R"("type":"overloaded_error")"), std::string::npos);
    error.upstream_status = 500;
    EXPECT_EQ(messages_error_status(error), 500);
}

}  // namespace

}  // namespace patchbay::surface
