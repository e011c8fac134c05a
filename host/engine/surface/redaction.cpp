#include "engine/surface/redaction.hpp"

#include <algorithm>
#include <array>

#include "engine/surface/secret_names.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kShortestSecret = 6;
constexpr std::size_t kShortestValue = 6;  ///< behind a secret name

/// How keys begin, and how many of a key's letters follow at least. The beginning stays.
struct KeyForm {
    std::string_view begin;
    std::size_t least;
};
constexpr auto kForms = std::to_array<KeyForm>({
    {"Bearer ", 16}, {"bearer ", 16}, {"Basic ", 16}, {"basic ", 16},      {"sk-", 16},
    {"sk_", 16},     {"pk-", 16},     {"rk-", 16},    {"gsk_", 16},        {"xai-", 16},
    {"hf_", 16},     {"ghp_", 16},    {"gho_", 16},   {"github_pat_", 16}, {"glpat-", 16},
    {"pplx-", 16},   {"nvapi-", 16},  {"fw_", 16},    {"r8_", 16},         {"xoxb-", 16},
    {"AIza", 30},    {"AKIA", 12},    {"ASIA", 12},   {"eyJ", 30},
});

/// Of a signed link, beside what is_secret_name() knows; in lower case.
constexpr auto kLinkSecrets = std::to_array<std::string_view>(
    {"sig", "signature", "x-amz-signature", "x-amz-credential", "x-amz-security-token",
     "x-goog-signature", "x-goog-credential", "awsaccesskeyid", "googleaccessid", "policy",
     "key-pair-id", "hmac"});

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool of_key(char c) {
    return is_letter(c) || c == '-' || c == '_' || c == '.' || c == '~' || c == '+' || c == '/' ||
           c == '=';
}

bool of_name(char c) {
    return is_letter(c) || c == '-' || c == '_' || c == '.';
}

std::size_t end_of(std::string_view text, std::size_t at, bool (*part)(char)) {
    while (at < text.size() && part(text[at])) ++at;
    return at;
}

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return made;
}

/// Replaces [begin, end); returns the place behind the replacement.
std::size_t cut(std::string& text, std::size_t begin, std::size_t end) {
    if (std::string_view(text).substr(begin, end - begin) == kRedactedSecret) return end;
    text.replace(begin, end - begin, kRedactedSecret);
    return begin + kRedactedSecret.size();
}

void redact_known(std::string& text, std::string_view secret) {
    if (secret.size() < kShortestSecret) return;
    for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
        text.replace(at, secret.size(), kRedactedSecret);
        at += kRedactedSecret.size();
    }
}

void redact_forms(std::string& text) {
    for (const auto& [begin, least] : kForms) {
        for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
            const std::size_t key = at + begin.size();
            const std::size_t end = end_of(text, key, of_key);
            const bool word = at == 0 || !is_letter(text[at - 1]);
            at = word && end - key >= least ? cut(text, key, end) : key;
        }
    }
}

/// name=value, and "name":"value" with white space where JSON allows it.
void redact_values(std::string& text) {
    for (std::size_t at = 0; (at = text.find_first_of("=:", at)) != std::string::npos; ++at) {
        const bool json = text[at] == ':';
        std::size_t name_end = at;
        std::size_t value = at + 1;
        if (json) {
            while (name_end > 0 && text[name_end - 1] == ' ') --name_end;
            if (name_end == 0 || text[name_end - 1] != '"') continue;
            --name_end;
            if (name_end > 0 && text[name_end - 1] == '\\') --name_end;
            while (value < text.size() && text[value] == ' ') ++value;
            if (value < text.size() && text[value] == '\\') ++value;
            if (value >= text.size() || text[value] != '"') continue;
            ++value;
        }
        std::size_t name = name_end;
        while (name > 0 && of_name(text[name - 1])) --name;
        if (name == name_end) continue;
        if (!is_secret_name(std::string_view(text).substr(name, name_end - name))) continue;
        const std::size_t end =
            std::min(text.find_first_of(json ? "\"\\" : "&\"'\\ \t\r\n<>,;)", value), text.size());
        if (end - value >= kShortestValue) at = cut(text, value, end) - 1;
    }
}

// Made anew: a text may hold such places without end, and each cut would move all behind it.
void redact_users(std::string& text) {
    std::string made;
    std::size_t done = 0;
    for (std::size_t at = 0; (at = text.find("://", at)) != std::string::npos;) {
        at += 3;
        const std::size_t end = std::min(text.find_first_of("/?#\"' \t\r\n<>", at), text.size());
        const std::size_t user = std::string_view(text).substr(at, end - at).rfind('@');
        if (user == std::string_view::npos || user == 0) continue;
        made.append(text, done, at - done).append(kRedactedSecret);
        done = at + user;
    }
    if (done != 0) text = made.append(text, done);
}

bool is_link_secret(std::string_view name) {
    const std::string small = lower(name);
    return is_secret_name(small) ||
           std::find(kLinkSecrets.begin(), kLinkSecrets.end(), small) != kLinkSecrets.end();
}

}  // namespace

void redact_secrets(std::string& text, std::span<const Secret> known) {
    for (const Secret& secret : known) redact_known(text, secret.reveal());
    redact_forms(text);
    redact_values(text);
    redact_users(text);
}

bool redact_link(std::string& text) {
    const std::string begin = lower(std::string_view(text).substr(0, 8));
    if (!begin.starts_with("http://") && !begin.starts_with("https://")) return false;
    if (text.find_first_of(" \t\r\n") != std::string::npos) return false;
    redact_users(text);
    std::size_t at = std::min(text.find('?'), text.size());
    std::string made = text.substr(0, at);
    while (at < text.size() && text[at] != '#') {
        const std::size_t end = std::min(text.find_first_of("&#", at + 1), text.size());
        const std::string_view part = std::string_view(text).substr(at, end - at);
        const std::size_t equals = part.find('=');
        const bool secret =
            equals != std::string_view::npos && is_link_secret(part.substr(1, equals - 1));
        made += secret ? part.substr(0, equals + 1) : part;
        if (secret) made += kRedactedSecret;
        at = end;
    }
    text = made.append(text, at);
    return true;
}

}  // namespace patchbay
