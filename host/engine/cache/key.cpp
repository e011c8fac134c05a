#include "engine/cache/key.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

#include <boost/container/small_vector.hpp>

#include "contract/crypto/crypto.hpp"
#include "contract/json/control_params.hpp"
#include "store/hex.hpp"

namespace patchbay {

namespace {

// Changes whenever the same request could get another document.
constexpr std::string_view kVersion = "patchbay-cache-1";

bool counts(std::string_view name) {
    constexpr auto kLeftOut =
        std::to_array<std::string_view>({"model", "stream", "stream_options", "prompt_cache_key",
                                         "prompt_cache_retention", "safety_identifier"});
    constexpr auto kChanging = std::to_array<std::string_view>(
        {"drop_params", "additional_drop_params", "allowed_openai_params",
         "merge_reasoning_content_in_choices"});
    if (std::find(kLeftOut.begin(), kLeftOut.end(), name) != kLeftOut.end()) return false;
    return !is_control_param(name) ||
           std::find(kChanging.begin(), kChanging.end(), name) != kChanging.end();
}

// Each part has its length before it, so that no two lists of parts are the same text.
void append(std::string& text, std::string_view part) {
    const std::uint64_t size = part.size();
    char raw[sizeof size];
    std::memcpy(raw, &size, sizeof size);
    text.append(raw, sizeof raw).append(part);
}

// Where the string ends that begins at `at`: behind its quotation mark.
std::size_t string_end(std::string_view json, std::size_t at) {
    for (std::size_t mark = at + 1;; ++mark) {
        mark = json.find('"', mark);
        if (mark == std::string_view::npos) return json.size();
        std::size_t escapes = mark;
        while (json[escapes - 1] == '\\') --escapes;
        if ((mark - escapes) % 2 == 0) return mark + 1;
    }
}

// The JSON text without the white space between its parts. It is well-formed: it was read.
void append_parts(std::string& text, std::string_view json) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    for (std::size_t at = 0; at < json.size();) {
        std::size_t end = at;
        if (json[at] == '"') {
            end = string_end(json, at);
        } else {
            while (end < json.size() && json[end] != '"' && !is_space(json[end])) ++end;
        }
        text.append(json.substr(at, end - at));
        while (end < json.size() && is_space(json[end])) ++end;
        at = end;
    }
}

// Without the string `open` if that is a part of it.
void append_minified(std::string& text, std::string_view json, std::string_view open) {
    const std::size_t length_at = text.size();
    append(text, {});
    const std::less_equal<> before;
    const bool within = !open.empty() && before(json.data(), open.data()) &&
                        before(open.data() + open.size(), json.data() + json.size());
    if (within) {
        const auto at = static_cast<std::size_t>(open.data() - json.data());
        append_parts(text, json.substr(0, at));
        json.remove_prefix(at + open.size());
    }
    append_parts(text, json);
    const std::uint64_t size = text.size() - length_at - sizeof(std::uint64_t);
    std::memcpy(text.data() + length_at, &size, sizeof size);
}

std::string_view view(const bay_str& text) {
    return {text.ptr, text.len};
}

}  // namespace

std::string CacheKey::hex() const {
    return store::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::size_t CacheKeyHash::operator()(const CacheKey& key) const {
    std::size_t hash = 0;
    std::memcpy(&hash, key.digest.data(), sizeof hash);
    return hash;
}

std::optional<CacheKey> read_cache_key(std::string_view text) {
    if (const std::size_t colon = text.rfind(':'); colon != text.npos)
        text.remove_prefix(colon + 1);
    CacheKey key;
    const auto digest = store::unhex(text);
    if (!digest || digest->size() != key.digest.size()) return std::nullopt;
    std::memcpy(key.digest.data(), digest->data(), digest->size());
    return key;
}

CacheKey cache_key(const CacheKeyParts& parts) {
    boost::container::small_vector<const bay_member*, 24> members;
    std::size_t size = 512;
    for (const bay_member& member : parts.members) {
        if (!counts(view(member.name))) continue;
        members.push_back(&member);
        size += member.name.len + member.value.len + 2 * sizeof(std::uint64_t);
    }
    // Of a name that comes twice the last one counts for providers: their order is kept.
    std::stable_sort(members.begin(), members.end(), [](const bay_member* a, const bay_member* b) {
        return view(a->name) < view(b->name);
    });
    std::string text;
    text.reserve(size);
    for (const std::string_view part :
         {kVersion, parts.operation, std::string_view(parts.translated ? "hub" : "own"),
          parts.group, parts.model, parts.name_space, parts.scope}) {
        append(text, part);
    }
    for (const bay_member* member : members) {
        append(text, view(member->name));
        append_minified(text, view(member->value), parts.open);
    }
    if (!parts.open.empty()) append(text, "open");
    append(text, "beside");
    for (const auto& [name, value] : parts.beside) {
        append(text, name);
        append(text, value);
    }
    return {sha256(text)};
}

}  // namespace patchbay
