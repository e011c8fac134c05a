#include "function_names.hpp"

#include <algorithm>
#include <cstdint>

namespace patchbay::google {

namespace {

constexpr std::size_t kMaxName = 128;  // Google, "FunctionDeclaration"

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_taken(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
}

bool is_valid(std::string_view name) {
    return !name.empty() && name.size() <= kMaxName && is_letter(name.front()) &&
           std::all_of(name.begin(), name.end(), is_taken);
}

// FNV-1a: the same on every machine, unlike std::hash.
std::string suffix_of(std::string_view name) {
    std::uint32_t hash = 2166136261u;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    std::string suffix = "_";
    for (int shift = 28; shift >= 0; shift -= 4) suffix += "0123456789abcdef"[hash >> shift & 15];
    return suffix;
}

std::string made_valid(std::string_view name) {
    const std::string suffix = suffix_of(name);
    std::string valid;
    if (name.empty() || !is_letter(name.front())) valid = "_";
    for (const char c : name) {
        if ((c & 0xc0) == 0x80) continue;  // one "_" for a character of several bytes
        if (valid.size() == kMaxName - suffix.size()) break;
        valid += is_taken(c) ? c : '_';
    }
    return valid + suffix;
}

}  // namespace

std::string FunctionNames::upstream(std::string_view name) {
    if (is_valid(name)) return std::string(name);
    const auto known = upstream_.find(name);
    if (known != upstream_.end()) return known->second;
    const std::string made = made_valid(name);
    original_.emplace(made, name);
    return upstream_.emplace(name, made).first->second;
}

std::string_view FunctionNames::original(std::string_view upstream) const {
    const auto known = original_.find(upstream);
    return known == original_.end() ? upstream : std::string_view(known->second);
}

}  // namespace patchbay::google
