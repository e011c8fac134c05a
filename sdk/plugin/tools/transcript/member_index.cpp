#include "member_index.hpp"

#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Offset behind the string that opens at `at`.
std::size_t skip_string(std::string_view json, std::size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] == '\\') ++at;
    }
    return at + 1;
}

// Offset behind the value that starts at `at`.
std::size_t skip_value(std::string_view json, std::size_t at) {
    int depth = 0;
    while (at < json.size()) {
        const char c = json[at];
        if (c == '"') {
            at = skip_string(json, at);
            if (depth == 0) return at;
            continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') {
            if (depth == 0) return at;
            if (--depth == 0) return at + 1;
        }
        if (depth == 0 && (c == ',' || kSpace.find(c) != kSpace.npos)) return at;
        ++at;
    }
    return at;
}

}  // namespace

std::vector<bay_member> index_members(std::string_view json) {
    std::vector<bay_member> members;
    std::size_t at = json.find_first_not_of(kSpace);
    if (at == json.npos || json[at] != '{') return members;
    ++at;
    while (true) {
        at = json.find_first_not_of(kSpace, at);
        if (at == json.npos || json[at] == '}') return members;
        if (json[at] == ',') {
            ++at;
            continue;
        }
        const std::size_t name_end = skip_string(json, at);
        const std::size_t value = json.find_first_not_of(kSpace, json.find(':', name_end) + 1);
        const std::size_t end = skip_value(json, value);
        members.push_back({bay::str(json.substr(at + 1, name_end - at - 2)),
                           bay::str(json.substr(value, end - value)), at, value});
        at = end;
    }
}

}  // namespace patchbay::transcript
