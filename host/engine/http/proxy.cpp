#include "engine/http/proxy.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <boost/beast/core/detail/base64.hpp>

#include "config/network.hpp"
#include "contract/http/header.hpp"
#include "contract/http/percent.hpp"

namespace patchbay::http {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

struct HostPort {
    std::string_view host;
    std::optional<std::uint16_t> port;
};

/// "host", "host:port", "[v6]", "[v6]:port" or a bare IPv6 address.
std::optional<HostPort> split_host(std::string_view text) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(close + 1);
        HostPort result{text.substr(1, close - 1), std::nullopt};
        if (rest.empty()) return result;
        if (!rest.starts_with(':')) return std::nullopt;
        result.port = parse_port(rest.substr(1));
        return result.port ? std::optional(result) : std::nullopt;
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
        return HostPort{text, std::nullopt};
    }
    HostPort result{text.substr(0, colon), parse_port(text.substr(colon + 1))};
    return result.port ? std::optional(result) : std::nullopt;
}

/// nullopt if a '%' is not followed by two hex digits.
std::optional<std::string> strictly_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = percent_escape(text.substr(i));
        if (text[i] == '%' && !byte) return std::nullopt;
        out += byte.value_or(text[i]);
        if (byte) i += 2;
    }
    return out;
}

/// `entry` is a network or an address. One of version 6 says nothing of hosts that are written in version 4, nor the
/// other way round.
bool is_in_network(std::string_view host, std::string_view entry) {
    const auto is_six = [](std::string_view text) { return text.find(':') != text.npos; };
    const auto address = read_address(host);
    const auto network = read_network(entry);
    return address && network && is_six(host) == is_six(entry) && is_within(*address, *network);
}

bool entry_matches(std::string_view host, std::uint16_t port, std::string_view entry) {
    if (entry == "*") return true;
    if (entry.find('/') != std::string_view::npos) return is_in_network(host, entry);
    const auto parts = split_host(entry);
    if (!parts || (parts->port && *parts->port != port)) return false;
    std::string_view name = parts->host;
    while (name.starts_with('.')) name.remove_prefix(1);
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty()) return false;
    if (iequals(host, name)) return true;
    if (read_address(host)) return is_in_network(host, name);
    return host.size() > name.size() && host[host.size() - name.size() - 1] == '.' &&
           iequals(host.substr(host.size() - name.size()), name);
}

}  // namespace

std::optional<Proxy> parse_proxy(std::string_view text) {
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        if (!iequals(text.substr(0, scheme), "http")) return std::nullopt;
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find('/'));
    Proxy proxy;
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        const auto user = strictly_decoded(text.substr(0, at));
        if (!user) return std::nullopt;
        namespace base64 = boost::beast::detail::base64;
        std::string encoded(base64::encoded_size(user->size()), '\0');
        encoded.resize(base64::encode(encoded.data(), user->data(), user->size()));
        proxy.authorization = "Basic " + encoded;
        text.remove_prefix(at + 1);
    }
    const auto parts = split_host(text);
    if (!parts || parts->host.empty()) return std::nullopt;
    for (const char c : parts->host) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return std::nullopt;
    }
    proxy.host = parts->host;
    proxy.port = parts->port.value_or(80);
    return proxy;
}

bool bypasses_proxy(std::string_view host, std::uint16_t port, std::string_view no_proxy) {
    if (host.ends_with('.')) host.remove_suffix(1);
    constexpr std::string_view kSeparators = ", \t";
    for (std::size_t at = 0; at < no_proxy.size();) {
        const auto end = std::min(no_proxy.find_first_of(kSeparators, at), no_proxy.size());
        if (end != at && entry_matches(host, port, no_proxy.substr(at, end - at))) return true;
        at = end + 1;
    }
    return false;
}

ClientOptions client_options_from_environment() {
    const auto get = [](const char* lower, const char* upper) -> std::string {
        const char* value = std::getenv(lower);
        if (value == nullptr && upper != nullptr) value = std::getenv(upper);
        return value == nullptr ? std::string() : std::string(value);
    };
    // A CGI server hands a request's "Proxy" header to its programs as HTTP_PROXY.
    const bool cgi = std::getenv("REQUEST_METHOD") != nullptr;
    const std::string all = get("all_proxy", "ALL_PROXY");
    ClientOptions options;
    options.http_proxy = get("http_proxy", cgi ? nullptr : "HTTP_PROXY");
    options.https_proxy = get("https_proxy", "HTTPS_PROXY");
    if (options.http_proxy.empty()) options.http_proxy = all;
    if (options.https_proxy.empty()) options.https_proxy = all;
    options.no_proxy = get("no_proxy", "NO_PROXY");
    options.ca_file = get("SSL_CERT_FILE", nullptr);
    return options;
}

}  // namespace patchbay::http
