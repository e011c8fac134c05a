#include "engine/http/request_head.hpp"

#include <algorithm>
#include <array>

#include "contract/http/header.hpp"
#include "contract/texts/digits.hpp"

namespace patchbay::http {

namespace {

/// tchar of RFC 9110, section 5.6.2.
constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c | 0x20] = true;
    for (const unsigned char c : std::string_view("!#$%&'*+-.^_`|~")) table[c] = true;
    return table;
}();

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return kTokenChars[static_cast<unsigned char>(c)];
    });
}

bool is_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_target(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
}

/// Headers of the connection rather than of the message.
bool is_reserved(std::string_view name) {
    switch (name.size()) {
        case 4:
            return iequals(name, "host");
        case 10:
            return iequals(name, "connection") || iequals(name, "keep-alive");
        case 14:
            return iequals(name, "content-length");
        case 15:
            return iequals(name, "accept-encoding");
        case 17:
            return iequals(name, "transfer-encoding");
        default:
            return false;
    }
}

}  // namespace

bool sendable(const Header& header) {
    return is_token(header.name) && is_value(header.value);
}

bool append_request_head(const Request& request, TargetForm form,
                         std::string_view proxy_authorization, std::string& out) {
    const Url& url = request.url;
    if (!is_token(request.method) || !is_target(url.target) || !is_target(url.authority)) {
        return false;
    }
    out.append(request.method).push_back(' ');
    if (form == TargetForm::absolute) out.append("http://").append(url.authority);
    out.append(url.target).append(" HTTP/1.1\r\nHost: ").append(url.authority).append("\r\n");
    for (const Header& header : request.headers) {
        if (!sendable(header)) return false;
        if (is_reserved(header.name)) continue;
        out.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    if (!proxy_authorization.empty()) {
        out.append("Proxy-Authorization: ").append(proxy_authorization).append("\r\n");
    }
    std::size_t length = 0;
    for (const auto& piece : request.body) length += piece.size();
    const std::string_view method = request.method;
    if (length != 0 || method == "POST" || method == "PUT" || method == "PATCH") {
        out.append("Content-Length: ");
        out += Digits(length).view();
        out.append("\r\n");
    }
    out.append("Accept-Encoding: identity\r\n\r\n");
    return true;
}

}  // namespace patchbay::http
