#include "contract/http/url.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <sys/socket.h>

namespace patchbay::http {

namespace {

enum CharClass : unsigned char { kTarget = 1, kName = 2, kDigit = 4 };

constexpr std::array<unsigned char, 256> make_classes() {
    std::array<unsigned char, 256> classes{};
    for (int c = 0x21; c < 0x7f; ++c) classes[c] = kTarget;
    // Not URL characters either, but in use unescaped ("{", "|", "^"): servers cope. A backslash is
    // not passed on, some read it as a slash.
    classes['\\'] = classes['"'] = classes['<'] = classes['>'] = 0;
    for (int c = 'a'; c <= 'z'; ++c) classes[c] |= kName;
    for (int c = 'A'; c <= 'Z'; ++c) classes[c] |= kName;
    for (int c = '0'; c <= '9'; ++c) classes[c] |= kName | kDigit;
    for (const char c : {'-', '.', '_', '~'}) classes[static_cast<unsigned char>(c)] |= kName;
    return classes;
}

constexpr auto kClasses = make_classes();

bool all_of_class(std::string_view text, CharClass wanted) {
    return std::all_of(text.begin(), text.end(),
                       [wanted](unsigned char c) { return (kClasses[c] & wanted) != 0; });
}

// Length of "http://" or "https://" in any case, 0 if there is neither.
std::size_t scheme_length(std::string_view text) {
    constexpr std::string_view kHttp = "http";
    if (text.size() < 7) return 0;
    for (std::size_t i = 0; i < kHttp.size(); ++i) {
        if ((text[i] | 0x20) != kHttp[i]) return 0;
    }
    const std::size_t end = (text[4] | 0x20) == 's' ? 5 : 4;
    return text.substr(end, 3) == "://" ? end + 3 : 0;
}

bool is_ipv6(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size()) return false;
    std::memcpy(copy.data(), text.data(), text.size());
    in6_addr address;
    // An embedded NUL would end the text early.
    return text.find('\0') == std::string_view::npos &&
           inet_pton(AF_INET6, copy.data(), &address) == 1;
}

// `text` is empty, or a colon and the port. An empty port is the default one (RFC 3986, 3.2.3).
bool parse_port(std::string_view text, std::uint16_t& port) {
    if (text.size() <= 1) return text.empty() || text[0] == ':';
    if (text[0] != ':' || !all_of_class(text.substr(1), kDigit)) return false;
    unsigned value = 0;
    for (const char c : text.substr(1)) {
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535) return false;
    }
    port = static_cast<std::uint16_t>(value);
    return value != 0;
}

}  // namespace

std::size_t authority_end(std::string_view rest) {
    // find_first_of() of gcc 12 calls memchr() for each byte.
    const auto* end = std::find_if(rest.begin(), rest.end(),
                                   [](char c) { return c == '/' || c == '?' || c == '#'; });
    return static_cast<std::size_t>(end - rest.begin());
}

std::optional<Url> parse_url(std::string_view text) {
    const std::size_t start = scheme_length(text);
    if (start == 0) return std::nullopt;
    Url url;
    url.tls = start == 8;
    url.port = url.tls ? 443 : 80;

    std::string_view rest = text.substr(start);
    if (!all_of_class(rest, kTarget)) return std::nullopt;
    rest = rest.substr(0, rest.find('#'));
    const std::size_t end = authority_end(rest);
    url.authority = rest.substr(0, end);
    url.target = end < rest.size() ? rest.substr(end) : std::string_view("/");
    if (url.target[0] != '/') return std::nullopt;

    std::string_view port;
    if (url.authority.starts_with('[')) {
        const std::size_t close = url.authority.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        url.host = url.authority.substr(1, close - 1);
        port = url.authority.substr(close + 1);
        if (!is_ipv6(url.host)) return std::nullopt;
    } else {
        const std::size_t colon = std::min(url.authority.find(':'), url.authority.size());
        url.host = url.authority.substr(0, colon);
        port = url.authority.substr(colon);
        if (url.host.empty() || !all_of_class(url.host, kName)) return std::nullopt;
    }
    if (!parse_port(port, url.port)) return std::nullopt;
    if (port == ":") url.authority.remove_suffix(1);
    return url;
}

std::string base_url_fault(std::string_view text) {
    if (parse_url(text)) {
        if (text.find('#') == std::string_view::npos) return {};
        return "has a fragment ('#' and what follows it), which is never sent";
    }
    std::string fault = "is not an http or https URL";
    if (text.find("://") != std::string_view::npos) return fault;
    if (text.find_first_of("@?#") != std::string_view::npos) return fault;
    const std::string guess = "http://" + std::string(text);
    const auto url = parse_url(guess);
    if (!url) return fault;
    const bool ported = url->authority.size() != url->host.size();
    const bool local = url->host == "localhost" || all_of_class(url->host.substr(0, 1), kDigit);
    if (!ported && !local && url->host.find('.') == std::string_view::npos) return fault;
    const bool tls = !ported && !local;
    return fault + "; did you mean " + (tls ? "https://" + std::string(text) : guess) + "?";
}

std::optional<std::string> http_form(std::string_view url) {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto is = [scheme = url.substr(0, colon)](std::string_view lower) {
        return std::equal(scheme.begin(), scheme.end(), lower.begin(), lower.end(),
                          [](char a, char b) { return (a | 0x20) == b; });
    };
    if (is("ws")) return "http" + std::string(url.substr(colon));
    if (is("wss")) return "https" + std::string(url.substr(colon));
    return std::nullopt;
}

}  // namespace patchbay::http
