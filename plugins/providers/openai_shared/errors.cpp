#include "errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

#include <boost/json.hpp>

#include "http/retry_after.hpp"
#include "json_text.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::size_t kBodyKept = 16 * 1024;
constexpr std::size_t kMessageKept = 4 * 1024;

struct Verdict {
    std::uint32_t cls = BAY_ERR_UNKNOWN;  ///< UNKNOWN: no rule applied
    int http_status = 0;
};

bool any_of(std::string_view text, std::initializer_list<std::string_view> needles) {
    return std::any_of(needles.begin(), needles.end(), [&](std::string_view needle) {
        return text.find(needle) != std::string_view::npos;
    });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

bool word_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto after = at + word.size();
        if ((at == 0 || !word_char(text[at - 1])) &&
            (after == text.size() || !word_char(text[after]))) {
            return true;
        }
    }
    return false;
}

/// "rate limit", "rate_limit", "Rate-Limit", "ratelimit"; "429" as a word.
bool speaks_of_rate_limit(std::string_view text, std::string_view small) {
    if (has_word(text, "429") || any_of(small, {"service tier capacity exceeded"})) return true;
    for (auto at = small.find("rate"); at != std::string_view::npos;
         at = small.find("rate", at + 1)) {
        if (at > 0 && small[at - 1] >= 'a' && small[at - 1] <= 'z') continue;  // "generate"
        const auto next = small.find_first_not_of(" \t\r\n_-", at + 4);
        if (next != std::string_view::npos && small.substr(next).starts_with("limit")) return true;
    }
    return false;
}

bool speaks_of_context_window(std::string_view small) {
    return any_of(small,
                  {"exceed context limit", "this model's maximum context length is",
                   "string too long. expected a string with maximum length",
                   "model's maximum context limit", "is longer than the model's context length",
                   "input tokens exceed the configured limit",
                   "`inputs` tokens + `max_new_tokens` must be",
                   "exceeds the maximum number of tokens allowed", "context_length_exceeded"}) ||
           (any_of(small, {"current length is"}) && any_of(small, {"while limit is"}));
}

/// The class that another gateway of LiteLLM's kind wrote into its message
/// ("litellm.RateLimitError: ...").
Verdict by_class_name(std::string_view text) {
    struct Name {
        std::string_view name;
        Verdict verdict;
    };
    static constexpr std::array<Name, 10> kNames{{
        {"litellm.ContextWindowExceededError", {BAY_ERR_CONTEXT_LENGTH, 400}},
        {"litellm.ContentPolicyViolationError", {BAY_ERR_CONTENT_POLICY, 400}},
        {"litellm.UnsupportedParamsError", {BAY_ERR_BAD_REQUEST, 400}},
        {"litellm.RateLimitError", {BAY_ERR_RATE_LIMIT, 429}},
        {"litellm.AuthenticationError", {BAY_ERR_AUTH, 401}},
        {"litellm.PermissionDeniedError", {BAY_ERR_PERMISSION, 403}},
        {"litellm.NotFoundError", {BAY_ERR_NOT_FOUND, 404}},
        {"litellm.ServiceUnavailableError", {BAY_ERR_UPSTREAM, 503}},
        {"litellm.InternalServerError", {BAY_ERR_UPSTREAM, 500}},
        {"litellm.BadRequestError", {BAY_ERR_BAD_REQUEST, 400}},
    }};
    for (const Name& name : kNames) {
        if (any_of(text, {name.name})) return name.verdict;
    }
    return {};
}

Verdict by_words(std::string_view text) {
    const std::string small = lower(text);
    const bool invalid_request = any_of(text, {"invalid_request_error"});
    if (any_of(text, {"Request Timeout Error", "Request timed out", "Timed out generating response",
                      "The read operation timed out"})) {
        return {BAY_ERR_TIMEOUT, 408};
    }
    if (any_of(text, {"insufficient_quota"})) return {BAY_ERR_QUOTA, 429};
    if (speaks_of_rate_limit(text, small)) return {BAY_ERR_RATE_LIMIT, 429};
    if (speaks_of_context_window(small)) return {BAY_ERR_CONTEXT_LENGTH, 400};
    if (invalid_request && any_of(text, {"model_not_found"})) return {BAY_ERR_NOT_FOUND, 404};
    if (any_of(text, {"A timeout occurred"})) return {BAY_ERR_TIMEOUT, 408};
    if ((invalid_request && any_of(text, {"content_policy_violation"})) ||
        (any_of(text, {"Invalid prompt"}) && any_of(text, {"violating our usage policy"})) ||
        any_of(small, {"request was rejected as a result of the safety system"})) {
        return {BAY_ERR_CONTENT_POLICY, 400};
    }
    if (invalid_request && !any_of(text, {"Incorrect API key provided"})) {
        return {BAY_ERR_BAD_REQUEST, 400};
    }
    if (any_of(text, {"Web server is returning an unknown error",
                      "The server had an error processing your request."})) {
        return {BAY_ERR_UPSTREAM, 500};
    }
    if (any_of(text, {"Request too large"})) return {BAY_ERR_RATE_LIMIT, 429};
    if (any_of(text, {"Mistral API raised a streaming error"})) return {BAY_ERR_UPSTREAM, 500};
    return {};
}

Verdict by_words_openai_like(std::string_view text) {
    if (any_of(text, {"authorization denied for"})) return {BAY_ERR_AUTH, 401};
    if (any_of(text, {"model's maximum context limit"})) return {BAY_ERR_CONTEXT_LENGTH, 400};
    if (any_of(text, {"token_quota_reached"})) return {BAY_ERR_RATE_LIMIT, 429};
    if (any_of(text, {"The server received an invalid response from an upstream server."})) {
        return {BAY_ERR_UPSTREAM, 500};
    }
    if (any_of(text, {"model_no_support_for_function"})) return {BAY_ERR_BAD_REQUEST, 400};
    return {};
}

Verdict by_status(ErrorFamily family, int status) {
    const bool like = family == ErrorFamily::openai_like;
    switch (status) {
        case 400:
        case 422:
            return {BAY_ERR_BAD_REQUEST, 400};
        case 401:
            return {BAY_ERR_AUTH, 401};
        case 402:
            return {BAY_ERR_QUOTA, 402};
        case 403:
            return like ? Verdict{BAY_ERR_AUTH, 401} : Verdict{BAY_ERR_PERMISSION, 403};
        case 404:
            return {BAY_ERR_NOT_FOUND, 404};
        case 408:
        case 504:
            return {BAY_ERR_TIMEOUT, 408};
        case 409:
            return {BAY_ERR_UPSTREAM, 409};
        case 424:
            if (like) return {BAY_ERR_BAD_REQUEST, 400};
            break;
        case 429:
            return {BAY_ERR_RATE_LIMIT, 429};
        case 503:
            return {BAY_ERR_UPSTREAM, 503};
        default:
            break;
    }
    if (status >= 500 && status <= 599) return {BAY_ERR_UPSTREAM, status};
    if (status >= 400 && status <= 499) return {BAY_ERR_BAD_REQUEST, status};
    return {BAY_ERR_UPSTREAM, 502};
}

std::string text_of(const json::value* value) {
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return std::string(std::string_view(value->get_string()));
    return json::serialize(*value);
}

/// Reads OpenAI's error object and its common variants: {"error":"text"}, {"message":...},
/// {"detail":...}.
void read_error_object(std::string_view body, Failure& failure) {
    const auto value = parse_text(body);
    const json::value* document = value ? &*value : nullptr;
    // Some servers wrap the error in a list of one.
    if (document != nullptr && document->is_array() && !document->get_array().empty()) {
        document = &document->get_array().front();
    }
    if (document == nullptr || !document->is_object()) return;
    const json::object* error = &document->get_object();
    if (const json::value* inner = error->if_contains("error")) {
        if (inner->is_string()) failure.message = text_of(inner);
        if (inner->is_object()) error = &inner->get_object();
    }
    for (const std::string_view name : {"message", "detail", "msg", "error_message"}) {
        if (!failure.message.empty()) break;
        failure.message = text_of(error->if_contains(name));
    }
    failure.type = text_of(error->if_contains("type"));
    failure.code = text_of(error->if_contains("code"));
    failure.param = text_of(error->if_contains("param"));
}

Failure classified(ErrorFamily family, int status, std::string_view body) {
    Failure failure;
    failure.upstream_status = status;
    failure.upstream_body = body.substr(0, kBodyKept);
    read_error_object(body, failure);
    if (failure.message.empty()) failure.message = body.substr(0, kMessageKept);
    if (failure.message.empty()) {
        failure.message =
            "the provider answered with status " + std::to_string(status) + " and no text";
    }
    const std::string_view text = body.substr(0, kBodyKept);
    Verdict verdict;
    if (family == ErrorFamily::litellm_proxy) verdict = by_class_name(text);
    if (verdict.cls == BAY_ERR_UNKNOWN) {
        verdict = family == ErrorFamily::openai_like ? by_words_openai_like(text) : by_words(text);
    }
    if (verdict.cls == BAY_ERR_UNKNOWN) verdict = by_status(family, status);
    failure.cls = verdict.cls;
    failure.http_status = verdict.http_status;
    return failure;
}

}  // namespace

Failure openai_error(ErrorFamily family, int status, std::span<const bay_kv> headers,
                     std::string_view body, std::int64_t now_ms) {
    Failure failure = classified(family, status, body);
    failure.retry_after_ms = shared::retry_after_ms(headers, now_ms);
    return failure;
}

Failure stream_error(ErrorFamily family, std::string_view frame) {
    int status = 500;
    const auto value = parse_text(frame);
    const json::object* document = value ? value->if_object() : nullptr;
    const json::value* error = document != nullptr ? document->if_contains("error") : nullptr;
    const json::object* object = error != nullptr ? error->if_object() : nullptr;
    for (const std::string_view name : {"code", "status", "status_code"}) {
        const std::string text = text_of(object != nullptr ? object->if_contains(name) : nullptr);
        int number = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
        if (parsed.ec != std::errc{} || number < 400 || number > 599) continue;
        status = number;
        break;
    }
    return classified(family, status, frame);
}

Failure transport_error(std::uint32_t failure, int status, std::string_view detail) {
    Failure out;
    out.upstream_status = status;
    const auto describe = [&](std::string_view what) {
        out.message = what;
        if (!detail.empty()) out.message.append(": ").append(detail);
    };
    switch (failure) {
        case BAY_FAIL_TIMEOUT:
            out.cls = BAY_ERR_TIMEOUT;
            out.http_status = 408;
            describe("the provider did not answer in time");
            break;
        case BAY_FAIL_CONNECT:
            describe("no connection to the provider");
            break;
        case BAY_FAIL_DENIED:
            out.cls = BAY_ERR_BAD_REQUEST;
            out.http_status = 400;
            describe("the provider's address is not allowed");
            break;
        case BAY_FAIL_LIMIT:
            out.http_status = 502;
            describe("the provider's answer is too large");
            break;
        case BAY_FAIL_FRAMING:
            out.http_status = 502;
            describe("the provider's answer is not readable");
            break;
        default:
            describe("the provider's answer was cut off");
            break;
    }
    return out;
}

Failure unreadable_answer(int status, std::string_view body, std::string_view why) {
    Failure out;
    out.http_status = 502;
    out.upstream_status = status;
    out.message = why;
    out.upstream_body = body.substr(0, kBodyKept);
    return out;
}

bay_status report(const Failure& failure, bay::Out out) {
    bay::Error error;
    error.cls = failure.cls;
    error.http_status = failure.http_status;
    error.retry_after_ms = failure.retry_after_ms;
    error.upstream_status = failure.upstream_status;
    error.message = failure.message;
    error.type = failure.type;
    error.code = failure.code;
    error.param = failure.param;
    error.upstream_body = failure.upstream_body;
    return out.fail(error);
}

}  // namespace patchbay::openai
