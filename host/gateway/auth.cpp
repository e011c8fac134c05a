#include "gateway/auth.hpp"

#include "contract/http/header.hpp"
#include "gateway/subprotocols.hpp"

namespace patchbay::gateway {

namespace {

Error refused(std::string message) {
    Error error;
    error.cls = ErrorClass::authentication;
    error.type = "auth_error";
    error.message = "Authentication Error, " + std::move(message);
    return error;
}

std::string_view without_scheme(std::string_view value, bool& had_scheme) {
    for (const std::string_view scheme : {"Bearer ", "Basic "}) {
        if (value.size() >= scheme.size() &&
            http::iequals(value.substr(0, scheme.size()), scheme)) {
            value.remove_prefix(scheme.size());
            had_scheme = true;
            break;
        }
    }
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
}

// Where the SDKs of Azure, Anthropic, Google and Azure's API Management put a key; LiteLLM's order.
constexpr std::string_view kOtherHeaders[] = {"api-key", "x-api-key", "x-goog-api-key",
                                              "Ocp-Apim-Subscription-Key"};

struct Found {
    std::string_view key;
    bool had_scheme = true;  ///< "Bearer", where one is needed
};

Found presented(const Request& request) {
    Found found;
    bool ignored = false;
    const auto own =
        request.key_header.empty() ? std::string_view() : request.header(request.key_header);
    if (!own.empty()) {
        found.key = without_scheme(own, ignored);
    } else if (const auto value = request.header("x-litellm-api-key"); !value.empty()) {
        found.key = without_scheme(value, ignored);
    } else if (const auto auth = request.header(boost::beast::http::field::authorization);
               !auth.empty()) {
        found.had_scheme = false;
        found.key = without_scheme(auth, found.had_scheme);
    } else {
        for (const std::string_view name : kOtherHeaders) {
            found.key = without_scheme(request.header(name), ignored);
            if (!found.key.empty()) break;
        }
    }
    if (found.key.empty()) found.key = request.query_key.reveal();
    if (found.key.empty()) found.key = offered_protocols(request).key;
    return found;
}

}  // namespace

std::string_view presented_key(const Request& request) {
    return presented(request).key;
}

Result<Presented> check_presented(const Request& request, const Secret& master_key) {
    if (master_key.empty()) return Presented{};
    const auto [key, had_scheme] = presented(request);
    if (key.empty()) return refused("No api key passed in.");
    if (!had_scheme && key.starts_with("AWS4-HMAC-")) {
        return refused(
            "a request that is signed with AWS's keys cannot be checked here. Send the gateway's "
            "key as a bearer token (AWS_BEARER_TOKEN_BEDROCK).");
    }
    if (!had_scheme) {
        return refused("Malformed API Key passed in. Ensure Key has `Bearer ` prefix.");
    }
    if (master_key.equals(key)) return Presented{};
    if (key.starts_with("sk-")) return Presented{key};
    return refused("Virtual Key expected: a key starts with 'sk-'.");
}

std::optional<Error> check_key(const Request& request, const Secret& master_key) {
    const auto found = check_presented(request, master_key);
    if (!found) return found.error();
    if (found->virtual_key.empty()) return std::nullopt;
    Error error = refused("Invalid proxy server token passed.");
    error.type = "token_not_found_in_db";
    error.param = "key";
    return error;
}

}  // namespace patchbay::gateway
