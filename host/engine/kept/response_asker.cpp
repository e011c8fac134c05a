#include "engine/kept/response_asker.hpp"

namespace patchbay {

namespace {

Error forbidden(const char* message) {
    Error error;
    error.cls = ErrorClass::permission;
    error.http_status = 403;
    error.type = "None";
    error.param = "None";
    error.message = message;
    return error;
}

}  // namespace

Error response_of_another() {
    return forbidden(
        "Forbidden. The response id is not associated with the user, who this key belongs to. To "
        "disable this security feature, set general_settings::disable_responses_id_security to "
        "True in the config.yaml file.");
}

Error unmanaged_response() {
    return forbidden(
        "Forbidden. This response id was not issued by this proxy, so the proxy cannot tell who "
        "owns it. To let keys address responses this proxy did not issue, set "
        "general_settings::allow_unmanaged_response_ids to True in the config.yaml file.");
}

}  // namespace patchbay
