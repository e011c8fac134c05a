#include "action.hpp"

#include <algorithm>
#include <iterator>

#include <boost/json.hpp>

#include "base64.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::transcript {
std::string error_class(std::uint32_t cls) {
    static constexpr const char* kNames[] = {
        "unknown",    "bad_request", "auth",           "permission",     "not_found",
        "rate_limit", "quota",       "context_length", "content_policy", "timeout",
        "overloaded", "upstream",    "unsupported"};
    return cls < std::size(kNames) ? kNames[cls] : std::to_string(cls);
}

std::string describe(const Action& a) {
    std::string line = a.kind;
    if (a.number) line += " " + std::to_string(a.number);
    if (a.kind == "timer") line += " after " + std::to_string(a.after_ms) + " ms";
    if (!a.method.empty()) line += " " + a.method;
    if (!a.url.empty()) line += " " + a.url;
    if (!a.key.empty()) line += " " + a.key;
    if (a.kind == "ws_send" && a.flags == BAY_WS_BINARY) line += " binary";
    if (a.kind == "ws_close") line += " " + std::to_string(a.flags);
    if (!a.fields.empty()) line += " " + json_tree::write(a.fields);
    if (!a.text.empty()) line += " " + shown(a.text);
    constexpr std::size_t kMaxLine = 600;
    if (line.size() > kMaxLine) line = line.substr(0, kMaxLine) + "...";
    return line;
}

const char* decode_name(std::uint32_t decode) {
    static constexpr const char* kNames[] = {"buffer",          "raw",       "sse", "ndjson",
                                             "aws_eventstream", "json_array"};
    return decode < std::size(kNames) ? kNames[decode] : nullptr;
}

bool is_remark(const Action& action) {
    return action.kind == "want" || action.kind == "shared_drop";
}

bool is_optional(std::string_view kind) {
    return kind == "note" || kind == "forwarded";
}

bool alike(const Action& a, const Action& b) {
    const bool ended_early = a.kind == "released" && a.number != 0 && b.number != 0;
    if (!ended_early || a.kind != b.kind || a.key != b.key) return a == b;
    const std::size_t shorter = std::min(a.text.size(), b.text.size());
    return a.text.compare(0, shorter, b.text, 0, shorter) == 0;
}

}  // namespace patchbay::transcript
