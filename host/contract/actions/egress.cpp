#include "contract/actions/egress.hpp"

#include <algorithm>
#include <locale>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json/value.hpp>

#include "contract/http/header.hpp"
#include "contract/http/url.hpp"

namespace patchbay {

namespace {

namespace json = boost::json;

// The case of nearly every call, in one comparison.
bool begins_with_origin_of(std::string_view url, std::string_view base_url) {
    const std::string_view origin = origin_of(base_url);
    if (origin.empty() || !url.starts_with(origin)) return false;
    return url.size() == origin.size() || url[origin.size()] == '/' || url[origin.size()] == '?';
}

void collect(const json::object& schema, const json::value& value, const std::string& pointer,
             int depth, std::vector<ConfiguredUrl>& urls) {
    constexpr int kMaxDepth = 16;
    if (depth > kMaxDepth) return;
    const auto* mark = schema.if_contains("x-bay-url");
    if (mark != nullptr && mark->is_bool() && mark->get_bool() && value.is_string()) {
        urls.push_back({pointer, std::string(value.get_string())});
    }
    const auto* properties = schema.if_contains("properties");
    if (properties != nullptr && properties->is_object() && value.is_object()) {
        for (const auto& [name, inner] : properties->get_object()) {
            const auto* member = value.get_object().if_contains(name);
            if (member == nullptr || !inner.is_object()) continue;
            collect(inner.get_object(), *member, pointer + "/" + std::string(name), depth + 1,
                    urls);
        }
    }
    const auto* items = schema.if_contains("items");
    if (items != nullptr && items->is_object() && value.is_array()) {
        std::size_t index = 0;
        for (const auto& item : value.get_array()) {
            collect(items->get_object(), item, pointer + "/" + std::to_string(index++), depth + 1,
                    urls);
        }
    }
}

}  // namespace

std::string_view origin_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    const std::size_t begin = scheme + 3;
    return url.substr(0, begin + http::authority_end(url.substr(begin)));
}

std::string EgressList::add(std::string_view entry, From from) {
    if (entry == "*") {
        if (from == From::manifest) return "only the operator may allow every origin";
        everything_ = true;
        return {};
    }
    if (entry == "${base_url}" && from == From::manifest) return {};
    std::string plain = http::http_form(entry).value_or(std::string(entry));
    const std::size_t scheme = plain.find("://");
    const bool below =
        scheme != std::string::npos && std::string_view(plain).substr(scheme + 3).starts_with("*.");
    if (below) plain.erase(scheme + 3, 2);
    const auto url = http::parse_url(plain);
    if (!url) return "is no origin such as https://api.example.com or https://*.example.com:8443";
    if (origin_of(plain).size() != plain.size() && plain.size() != origin_of(plain).size() + 1) {
        return "has a path: an origin is a scheme, a host and perhaps a port";
    }
    if (plain.back() == '?' || plain.back() == '#') return "ends with a query";
    origins_.push_back({url->tls, below, std::string(url->host), url->port});
    return {};
}

bool EgressList::add_url(std::string_view text) {
    if (text.starts_with("file:///")) {
        files_.emplace_back(text);
        return true;
    }
    const std::string plain = http::http_form(text).value_or(std::string(text));
    const auto url = http::parse_url(plain);
    if (!url) return false;
    origins_.push_back({url->tls, false, std::string(url->host), url->port});
    return true;
}

std::vector<std::string> EgressList::entries() const {
    std::vector<std::string> all = files_;
    if (everything_) all.push_back("*");
    for (const Origin& origin : origins_) {
        const bool v6 = origin.host.find(':') != std::string::npos && origin.host.front() != '[';
        all.push_back(
            (origin.tls ? "https://" : "http://") + std::string(origin.below ? "*." : "") +
            (v6 ? "[" + origin.host + "]" : origin.host) + ":" + std::to_string(origin.port));
    }
    return all;
}

void EgressList::again(std::string_view entry) {
    if (entry.starts_with("file:")) {
        add_url(entry);
    } else {
        add(entry, From::operators);
    }
}

bool EgressList::allows(std::string_view text, std::string_view base_url) const {
    if (const auto http = http::http_form(text)) return allows(*http, base_url);
    if (const auto http = http::http_form(base_url)) return allows(text, *http);
    if (text.starts_with("file:")) {
        return std::find(files_.begin(), files_.end(), text) != files_.end();
    }
    if (everything_ || begins_with_origin_of(text, base_url)) return true;
    const auto url = http::parse_url(text);
    if (!url) return true;
    if (const auto base = http::parse_url(base_url); base && base->tls == url->tls &&
                                                     base->port == url->port &&
                                                     http::iequals(base->host, url->host)) {
        return true;
    }
    return std::any_of(origins_.begin(), origins_.end(), [&](const Origin& origin) {
        if (origin.tls != url->tls || origin.port != url->port) return false;
        if (!origin.below) return http::iequals(origin.host, url->host);
        if (url->host.size() < origin.host.size() + 2) return false;
        const std::size_t cut = url->host.size() - origin.host.size();
        return url->host[cut - 1] == '.' && http::iequals(url->host.substr(cut), origin.host);
    });
}

std::string RefusedOrigins::first_time(std::string_view url) {
    std::string origin(origin_of(url));
    boost::algorithm::to_lower(origin, std::locale::classic());
    const std::lock_guard lock(mutex_);
    if (seen_.size() >= kMax || !seen_.insert(origin).second) return {};
    return origin;
}

std::vector<ConfiguredUrl> configured_urls(const json::object& schema, const json::object& config) {
    std::vector<ConfiguredUrl> urls;
    collect(schema, config, "", 0, urls);
    return urls;
}

}  // namespace patchbay
