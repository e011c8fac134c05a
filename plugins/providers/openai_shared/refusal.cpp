#include "refusal.hpp"

namespace patchbay::openai {

bay_status refuse(std::uint32_t cls, std::string_view message, std::string_view param,
                  bay::Out out) {
    bay::Error error;
    error.cls = cls;
    error.message = message;
    error.type = cls == BAY_ERR_AUTH ? "authentication_error" : "invalid_request_error";
    error.param = param;
    error.retry = BAY_RETRY_NEVER;
    return out.fail(error);
}

std::string missing_key_message(const Dialect& dialect) {
    std::string text = "no API key for " + dialect.provider + ": set api_key of the deployment";
    for (const std::string& name : dialect.key_names) text += " or " + name;
    return text;
}

std::string missing_base_message(const Dialect& dialect) {
    return dialect.provider + " needs an api_base: it has no address of its own";
}

}  // namespace patchbay::openai
