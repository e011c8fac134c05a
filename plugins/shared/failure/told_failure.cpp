#include "told_failure.hpp"

namespace patchbay::shared {

Failure told_failure(int status, std::string_view body, const ErrorText& error,
                     const ErrorClass& cls) {
    constexpr std::size_t kMaxMessage = 16384;
    Failure failure;
    failure.cls = cls.cls;
    failure.http_status = cls.http_status;
    failure.retry = cls.retry;
    failure.upstream_status = status_of(status, error);
    failure.message = body.substr(0, kMaxMessage);
    if (body.empty()) {
        failure.message =
            "HTTP status " + std::to_string(failure.upstream_status) + " without a body";
    }
    if (status >= 300 && status <= 399) {
        failure.message = "HTTP status " + std::to_string(status) +
                          ", a redirect, which is not followed: is api_base right?";
    }
    failure.upstream_body = body;
    return failure;
}

}  // namespace patchbay::shared
