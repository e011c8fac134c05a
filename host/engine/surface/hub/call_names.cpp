#include "engine/surface/hub/call_names.hpp"

#include <algorithm>
#include <array>

#include "contract/crypto/crypto.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kSigned = "__thought__";
constexpr std::size_t kMaxChatId = 64;
constexpr std::size_t kMaxConverseId = 64;
constexpr std::size_t kMaxChatName = 64;
constexpr std::size_t kDigitsOfId = 40;
constexpr std::size_t kDigitsOfName = 8;

// What ids of answers begin with, the outer ones first: "chatcmpl-msg_01...".
constexpr std::array<std::string_view, 3> kAnswerIds{"chatcmpl-", "resp_", "msg_"};

// The first `digits` hexadecimal digits of SHA-256.
std::string digest(std::string_view text, std::size_t digits) {
    std::string hex = sha256_hex(text);
    hex.resize(digits);
    return hex;
}

std::string hashed_id(std::string_view id) {
    return "tc_" + digest(id, kDigitsOfId);
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// An id with a signature in characters that are taken; empty: it has none, or one that is no base64.
std::string signed_id(std::string_view id) {
    const auto at = id.find(kSigned);
    if (at == std::string_view::npos || at == 0) return {};
    std::string made(id.substr(0, at));
    if (!std::all_of(made.begin(), made.end(), is_id_character)) made = hashed_id(made);
    made.append(kSigned);
    auto signature = id.substr(at + kSigned.size());
    signature = signature.substr(0, signature.find_last_not_of('=') + 1);
    for (const char c : signature) made += c == '+' ? '-' : c == '/' ? '_' : c;
    return std::all_of(made.begin(), made.end(), is_id_character) ? made : std::string();
}

// A name of the length and the characters that are taken, for one that is not.
std::string hashed_name(std::string_view name) {
    auto kept = std::min(name.size(), kMaxChatName - kDigitsOfName - 1);
    while (kept > 0 && kept < name.size() && (name[kept] & 0xc0) == 0x80) --kept;
    std::string sent(name.substr(0, kept));  // no character is cut
    std::replace_if(
        sent.begin(), sent.end(), [](char c) { return !is_id_character(c); }, '_');
    return sent.append("_").append(digest(name, kDigitsOfName));
}

}  // namespace

std::string chat_call_id(std::string_view id) {
    const bool whole = id.size() <= kMaxChatId || id.find(kSigned) != std::string_view::npos;
    return whole ? std::string(id) : hashed_id(id);
}

std::string messages_call_id(std::string_view id) {
    if (auto made = signed_id(id); !made.empty()) return made;
    const bool taken = !id.empty() && std::all_of(id.begin(), id.end(), is_id_character);
    return taken ? std::string(id) : hashed_id(id);
}

std::string converse_call_id(std::string_view id) {
    if (auto made = signed_id(id); !made.empty()) return made;
    const bool taken =
        !id.empty() && id.size() <= kMaxConverseId && std::all_of(id.begin(), id.end(), [](char c) {
            return is_id_character(c) || c == '.' || c == ':';
        });
    return taken ? std::string(id) : hashed_id(id);
}

std::string item_id(std::string_view prefix, std::string_view seed) {
    const bool taken = !seed.empty() && prefix.size() + seed.size() <= kMaxChatId &&
                       std::all_of(seed.begin(), seed.end(), is_id_character);
    return std::string(prefix).append(taken ? std::string(seed) : digest(seed, kDigitsOfId));
}

std::string_view bare_id(std::string_view answer_id) {
    for (const auto prefix : kAnswerIds) {
        if (answer_id.starts_with(prefix)) answer_id.remove_prefix(prefix.size());
    }
    return answer_id;
}

std::string ChatNames::shorten(std::string_view name, std::string_view group) {
    std::string whole(group);
    if (!group.empty() && !group.ends_with("__")) whole.append("__");
    whole.append(name);
    const bool taken =
        whole.size() <= kMaxChatName && std::all_of(whole.begin(), whole.end(), is_id_character);
    if (taken && group.empty()) return whole;
    const auto [known, added] = sent_.try_emplace({std::string(name), std::string(group)});
    if (!added) return known->second;
    if (!taken) whole = hashed_name(whole);
    known->second = whole;
    changed_.emplace(whole, Changed{std::string(name), std::string(group)});
    return whole;
}

const ChatNames::Changed* ChatNames::find(std::string_view sent) const {
    const auto known = changed_.find(sent);
    return known == changed_.end() ? nullptr : &known->second;
}

std::string_view ChatNames::original(std::string_view name) const {
    const Changed* const known = find(name);
    return known ? std::string_view(known->name) : name;
}

std::string_view ChatNames::group(std::string_view name) const {
    const Changed* const known = find(name);
    return known ? std::string_view(known->group) : std::string_view();
}

}  // namespace patchbay::surface
