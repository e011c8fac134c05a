#include "engine/router/routing_errors.hpp"

#include <utility>

#include "engine/world/provider_name.hpp"

namespace patchbay {

namespace {

std::string listed(const std::vector<std::string>& names) {
    std::string text = "[";
    for (const std::string& name : names) text += (text.size() > 1 ? ", '" : "'") + name + "'";
    return text + "]";
}

}  // namespace

Error for_client(Error error, const Deployment& deployment, std::string_view group, int retries,
                 int max_retries, const std::vector<std::string>* fallbacks) {
    std::string message = "litellm." + std::string(error.exception_name()) + ": " +
                          exception_provider(deployment.provider) + " - " + error.message;
    if (!group.empty()) message += ". Received Model Group=" + std::string(group);
    if (fallbacks != nullptr) {
        message += "\nAvailable Model Group Fallbacks=" + listed(*fallbacks);
    }
    if (retries > 0) {
        message += " LiteLLM Retried: " + std::to_string(retries) +
                   " times, LiteLLM Max Retries: " + std::to_string(max_retries);
    }
    error.message = std::move(message);
    error.code.clear();
    if (error.cls == ErrorClass::rate_limit || error.cls == ErrorClass::quota) {
        error.type = "throttling_error";
    }
    return error;
}

Error none_available(std::string_view model, std::chrono::milliseconds wait) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait);
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.type = "throttling_error";
    error.message = "No deployments available for selected model, Try again in " +
                    std::to_string(seconds.count()) +
                    " seconds. Passed model=" + std::string(model);
    error.retry_after = seconds;
    return error;
}

Error shed_from_queue(std::string_view group, Shed why, std::chrono::nanoseconds waited,
                      std::chrono::seconds retry_after) {
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.type = "throttling_error";
    error.retry_after = retry_after;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(waited).count();
    switch (why) {
        case Shed::full:
            error.message = "All deployments are busy, and the queue is full.";
            break;
        case Shed::key_share:
            error.message =
                "All deployments are busy, and too many requests of this key wait already.";
            break;
        case Shed::timeout:
            error.message =
                "All deployments are busy: none was free within " + std::to_string(ms) + " ms.";
            break;
    }
    error.message += " Try again in " + std::to_string(retry_after.count()) +
                     " seconds. Passed model=" + std::string(group);
    return error;
}

Error crossed_budget(const std::string& why) {
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.http_status = 429;
    error.type = "None";
    error.message = "No deployments available - crossed budget: " + why;
    return error;
}

Error spent_unknown(const std::string& why) {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.type = "no_db_connection";
    error.message = "No deployments available: " + why;
    error.retry_after = std::chrono::seconds(1);
    return error;
}

Error no_tag_fits(std::string_view model, const std::vector<std::string>& tags) {
    Error error;
    error.cls = ErrorClass::authentication;
    error.message = "Not allowed to access model due to tags configuration. Passed model=" +
                    std::string(model) + " and tags=" + listed(tags);
    return error;
}

Error no_param_fits(std::string_view model, std::string_view param) {
    const std::string names = "['" + std::string(param) + "']";
    Error error =
        bad_request("litellm.UnsupportedParamsError: no deployment of model=" + std::string(model) +
                        " supports " + names +
                        ". With `litellm_settings.drop_params: true` it is not sent; with "
                        "allowed_openai_params=" +
                        names + " in the request it is sent all the same.",
                    std::string(param));
    error.cls = ErrorClass::unsupported;
    return error;
}

Error no_window_fits(std::string_view model, std::size_t tokens, std::int64_t most) {
    Error error = bad_request(
        "litellm._pre_call_checks: Context Window exceeded for given call. No models have context "
        "window large enough for this call.\nModel=" +
            std::string(model) + ", Max Input Tokens=" + std::to_string(most) +
            ", Got=" + std::to_string(tokens),
        "messages");
    error.cls = ErrorClass::context_length;
    return error;
}

}  // namespace patchbay
