#include "shared/settings.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json/parse.hpp>

namespace patchbay::sink {

namespace json = boost::json;

namespace {

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '%' && i + 2 < text.size()) {
            const char* end = text.data() + i + 3;
            const auto read = std::from_chars(text.data() + i + 1, end, byte, 16);
            if (read.ec == std::errc{} && read.ptr == end) {
                plain += static_cast<char>(byte);
                i += 2;
                continue;
            }
        }
        plain += text[i];
    }
    return plain;
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7F) || c == '\t';
    });
}

Headers read_text(std::string_view list, bool percent_encoded, bay::Diag& diag) {
    Headers headers;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view item = trimmed(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        if (item.empty()) continue;
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos) {
            diag.error("/headers", "expected name=value, separated by commas");
            return {};
        }
        const std::string_view value = trimmed(item.substr(equals + 1));
        headers.emplace_back(trimmed(item.substr(0, equals)),
                             percent_encoded ? decoded(value) : std::string(value));
    }
    return headers;
}

}  // namespace

json::object read_config(std::string_view config) {
    return json::parse(config).as_object();
}

std::string setting(const json::object& config, std::string_view name) {
    const auto* value = config.if_contains(name);
    if (!value || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::string url_of(std::string base, std::string_view path) {
    while (base.ends_with('/')) base.pop_back();
    return base.ends_with(path) ? base : base + std::string(path);
}

Headers read_headers(const json::object& config, bool percent_encoded, bay::Diag& diag) {
    const auto* given = config.if_contains("headers");
    if (!given) return {};
    Headers headers;
    if (const auto* list = given->if_string()) {
        headers = read_text(std::string_view(list->data(), list->size()), percent_encoded, diag);
    } else if (const auto* object = given->if_object()) {
        for (const auto& one : *object) {
            headers.emplace_back(one.key(), one.value().as_string());
        }
    }
    for (const auto& [name, value] : headers) {
        if (!is_token(name)) diag.error("/headers", "a name that HTTP has no room for");
        if (!is_field_value(value)) diag.error("/headers/" + name, "has control characters");
    }
    return headers;
}

}  // namespace patchbay::sink
