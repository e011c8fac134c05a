#include "call_ids.hpp"

#include <algorithm>
#include <cstdint>

#include <boost/json.hpp>

#include "families.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::size_t kLength = 9;
constexpr std::string_view kAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

constexpr std::size_t kOpenAisLongest = 64;

std::string without_state(std::string_view id) {
    if (id.size() <= kOpenAisLongest) return std::string(id);
    return std::string(id.substr(0, id.find(kCallState)));
}

using Change = std::string (*)(std::string_view id);

bool change(json::object& object, std::string_view name, Change made) {
    json::value* id = object.if_contains(name);
    if (id == nullptr || !id->is_string()) return false;
    const std::string other = made(id->get_string());
    if (id->get_string() == other) return false;
    *id = other;
    return true;
}

bool change_ids(json::object& message, Change made) {
    bool changed = change(message, "tool_call_id", made);
    json::value* calls = message.if_contains("tool_calls");
    if (calls == nullptr || !calls->is_array()) return changed;
    for (json::value& call : calls->get_array()) {
        if (json::object* object = call.if_object()) changed |= change(*object, "id", made);
    }
    return changed;
}

}  // namespace

std::string nine_character_id(std::string_view id) {
    if (id.size() == kLength && id.find_first_not_of(kAlphabet) == std::string_view::npos) {
        return std::string(id);
    }
    // FNV-1a, 64 bits: about as many as nine characters hold.
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    std::string made;
    for (; made.size() < kLength; hash /= kAlphabet.size()) {
        made += kAlphabet[hash % kAlphabet.size()];
    }
    return made;
}

bool drop_call_state(json::object& message) {
    return change_ids(message, without_state);
}

std::optional<std::string> without_call_state(std::string_view input) {
    if (!shared::mentions(input, kCallState)) return std::nullopt;
    auto value = shared::parse_json(input);
    auto* items = value ? value->if_array() : nullptr;
    if (items == nullptr) return std::nullopt;
    bool changed = false;
    for (json::value& item : *items) {
        if (json::object* object = item.if_object()) {
            changed |= change(*object, "call_id", without_state);
        }
    }
    if (!changed) return std::nullopt;
    return json_tree::write(*value);
}

bool has_openais_ids(const Dialect& dialect, std::string_view model) {
    if (!dialect.openai_families) return false;
    if (model.starts_with("ft:")) model.remove_prefix(3);
    return dialect.base_model || model.starts_with("gpt-") || model.starts_with("chatgpt-") ||
           family_of(model) != Family::chat;
}

bool shorten_call_ids(json::object& message) {
    return change_ids(message, nine_character_id);
}

}  // namespace patchbay::openai
