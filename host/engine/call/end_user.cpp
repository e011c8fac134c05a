#include "engine/call/end_user.hpp"

#include <algorithm>
#include <array>

#include "contract/json/member_walker.hpp"
#include "engine/surface/body_edit.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

constexpr auto kHeaders =
    std::to_array<std::string_view>({"x-litellm-customer-id", "x-litellm-end-user-id"});
constexpr auto kHolders = std::to_array<std::string_view>({"litellm_metadata", "metadata"});
constexpr auto kNames = std::to_array<std::string_view>({"user", "user_id"});

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string name_of(std::string_view text) {
    const std::string_view name = trimmed(text);
    const bool control = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    return name.size() > kMostEndUser || control ? std::string() : std::string(name);
}

bool is_whole_number(std::string_view json) {
    return !json.empty() && json.find_first_not_of("-0123456789") == json.npos;
}

// Of a JSON value as it is written.
std::string name_in(std::string_view json) {
    if (is_whole_number(json)) return name_of(json);
    if (json.size() < 2 || json.front() != '"') return {};
    const std::string_view inside = json.substr(1, json.size() - 2);
    if (inside.find('\\') == inside.npos) return name_of(inside);
    std::string decoded;
    json_tree::append_decoded(inside, decoded);
    return name_of(decoded);
}

std::string name_of_member(std::span<const bay_member> members, std::string_view name) {
    const bay_member* const member = find_member(members, name);
    return member ? name_in({member->value.ptr, member->value.len}) : std::string();
}

}  // namespace

std::string end_user_of(const Caller& caller, std::span<const bay_member> members,
                        std::span<const std::string> headers) {
    for (const std::string& header : headers) {
        if (auto name = name_of(caller.header(header)); !name.empty()) return name;
    }
    for (const std::string_view header : kHeaders) {
        if (auto name = name_of(caller.header(header)); !name.empty()) return name;
    }
    if (auto name = name_of_member(members, "user"); !name.empty()) return name;
    for (const std::string_view holder : kHolders) {
        const bay_member* const member = find_member(members, holder);
        if (!member) continue;
        for (const std::string_view key : kNames) {
            auto name = name_in(member_of({member->value.ptr, member->value.len}, key));
            if (!name.empty()) return name;
        }
    }
    return name_of_member(members, "safety_identifier");
}

}  // namespace patchbay
