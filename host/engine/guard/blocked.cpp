#include "engine/guard/blocked.hpp"

#include <charconv>
#include <cmath>

#include <boost/json.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::guard {

namespace json = boost::json;

namespace {

// Python prefers single quotes, and takes double ones for a text with an apostrophe and no quote.
std::string repr_of_text(std::string_view text) {
    const bool apostrophe = text.find('\'') != std::string_view::npos;
    const char quote = apostrophe && text.find('"') == std::string_view::npos ? '"' : '\'';
    std::string out(1, quote);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == quote || c == '\\') {
            (out += '\\') += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            static constexpr char kHex[] = "0123456789abcdef";
            ((out += "\\x") += kHex[byte >> 4]) += kHex[byte & 15];
        } else {
            out += c;
        }
    }
    return out += quote;
}

std::string repr_of_double(double number) {
    if (std::isfinite(number) && number == std::floor(number) && std::fabs(number) < 1e16) {
        return std::to_string(static_cast<std::int64_t>(number)) + ".0";
    }
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number);
    return std::string(text, end);
}

}  // namespace

std::string python_repr(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return "None";
        case json::kind::bool_:
            return value.get_bool() ? "True" : "False";
        case json::kind::double_:
            return repr_of_double(value.get_double());
        case json::kind::string:
            return repr_of_text({value.get_string().data(), value.get_string().size()});
        case json::kind::array: {
            std::string out = "[";
            for (const json::value& item : value.get_array()) {
                out += (out.size() > 1 ? ", " : "") + python_repr(item);
            }
            return out + "]";
        }
        case json::kind::object: {
            const std::string_view number = json_tree::number_text_of(value);
            if (!number.empty()) return std::string(number);
            std::string out = "{";
            for (const auto& member : value.get_object()) {
                out += (out.size() > 1 ? ", " : "") + repr_of_text(member.key()) + ": " +
                       python_repr(member.value());
            }
            return out + "}";
        }
        default:
            return json::serialize(value);  // whole numbers
    }
}

Error blocked(std::string_view guardrail, const Verdict& verdict) {
    Error error = verdict.error.value_or(Error{});
    error.cls = ErrorClass::content_policy;
    error.retry = RetryHint::never;
    if (error.http_status == 0) error.http_status = 400;
    if (error.type.empty()) error.type = "None";
    if (error.param.empty()) error.param = "None";
    if (error.message.empty()) {
        error.message = python_repr(
            json::object{{"error", "Violated guardrail policy"}, {"guardrail_name", guardrail}});
    } else if (error.message.front() == '{') {
        json_tree::Tree detail = json_tree::read(error.message);
        json_tree::make_utf8(detail.value);
        if (detail) error.message = python_repr(detail.value);
    }
    return error;
}

Error unavailable(std::string_view guardrail, const Error& why) {
    Error error;
    error.cls = ErrorClass::upstream;
    error.http_status = 500;
    error.retry = RetryHint::never;
    error.type = "None";
    error.param = "None";
    error.message = "Guardrail '" + std::string(guardrail) + "' gave no verdict.";
    error.upstream_status = why.upstream_status;
    error.upstream_body = why.message;
    return error;
}

}  // namespace patchbay::guard
