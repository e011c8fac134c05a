// Tested by multipart_test.cpp.
#include "contract/http/header_parameters.hpp"

#include <algorithm>
#include <cstddef>

namespace patchbay::http {

namespace {

constexpr std::string_view kTokenChars =
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

void skip_blanks(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

bool is_escape(std::string_view at) {
    return at.size() > 1 && at[0] == '\\' && (at[1] == '"' || at[1] == '\\');
}

}  // namespace

std::string_view take_token(std::string_view& rest) {
    const std::size_t size = std::min(rest.find_first_not_of(kTokenChars), rest.size());
    const std::string_view token = rest.substr(0, size);
    rest.remove_prefix(size);
    return token;
}

bool take_parameter(std::string_view& rest, Parameter& parameter) {
    skip_blanks(rest);
    if (!rest.starts_with(';')) return false;
    std::string_view at = rest.substr(1);
    skip_blanks(at);
    parameter.name = take_token(at);
    if (parameter.name.empty() || !at.starts_with('=')) return false;
    at.remove_prefix(1);
    parameter.quoted = at.starts_with('"');
    if (!parameter.quoted) {
        parameter.value = take_token(at);
        if (parameter.value.empty()) return false;
    } else {
        std::size_t end = 1;
        while (end < at.size() && at[end] != '"') end += is_escape(at.substr(end)) ? 2 : 1;
        if (end >= at.size()) return false;
        parameter.value = at.substr(1, end - 1);
        at.remove_prefix(end + 1);
    }
    skip_blanks(at);
    rest = at;
    return true;
}

std::string unescaped(std::string_view value) {
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (is_escape(value.substr(i))) ++i;
        text += value[i];
    }
    return text;
}

}  // namespace patchbay::http
