#include "contract/texts/structure.hpp"

#include <algorithm>
#include <array>

namespace patchbay::guard {

namespace {

enum class Form { token, role, base64, link };

struct Known {
    std::string_view name;
    Form form;
    bool of_requests = true;
};

// `name` is a function's in an answer: a mask in it would break the call. In a request it is
// looked at.
constexpr auto kKnown = std::to_array<Known>({
    {"b64_json", Form::base64},
    {"audio_url", Form::link},
    {"call_id", Form::token},
    {"data", Form::base64},
    {"detail", Form::token},
    {"effort", Form::token},
    {"encrypted_content", Form::base64},
    {"encoding", Form::token},
    {"file_data", Form::base64},
    {"file_id", Form::token},
    {"file_url", Form::link},
    {"finish_reason", Form::token},
    {"format", Form::token},
    {"function_call", Form::token},
    {"id", Form::token},
    {"image_url", Form::link},
    {"include", Form::token},
    {"media_type", Form::token},
    {"mime_type", Form::token},
    {"modalities", Form::token},
    {"model", Form::token},
    {"name", Form::token, false},
    {"object", Form::token},
    {"reasoning_effort", Form::token},
    {"role", Form::role},
    {"search_context_size", Form::token},
    {"service_tier", Form::token},
    {"signature", Form::base64},
    {"status", Form::token},
    {"syntax", Form::token},
    {"system_fingerprint", Form::token},
    {"thought_signature", Form::base64},
    {"tool_call_id", Form::token},
    {"tool_choice", Form::token},
    {"tool_use_id", Form::token},
    {"truncation", Form::token},
    {"ttl", Form::token},
    {"type", Form::token},
    {"uri", Form::link},
    {"url", Form::link},
    {"verbosity", Form::token},
    {"video_url", Form::link},
    {"voice", Form::token},
});

constexpr auto kRoles = std::to_array<std::string_view>(
    {"system", "developer", "user", "assistant", "model", "tool", "function"});

// Names, and places that refer to names; a pattern with a mask in it is another pattern.
constexpr auto kUnchangeable = std::to_array<std::string_view>(
    {"name", "required", "role", "pattern", "$ref", "$id", "$anchor", "$dynamicRef", "type"});

constexpr auto kNamesByClient =
    std::to_array<std::string_view>({"properties", "patternProperties", "$defs", "definitions",
                                     "dependentSchemas", "dependentRequired"});

constexpr auto kAnything = std::to_array<std::string_view>(
    {"arguments", "const", "default", "enum", "example", "examples", "input"});

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool made_of(std::string_view text, std::string_view marks) {
    return std::all_of(text.begin(), text.end(), [marks](char c) {
        return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
    });
}

// Also as in links, with line breaks and with padding.
bool is_base64(std::string_view text) {
    return made_of(text, "+/-_=\r\n");
}

// A link that holds data in base64.
bool is_data_link(std::string_view text) {
    constexpr std::string_view kMark = ";base64,";
    if (!text.starts_with("data:")) return false;
    const std::size_t mark = text.substr(0, 256).find(kMark);
    return mark != std::string_view::npos && made_of(text.substr(5, mark - 5), "/+.-;=_") &&
           is_base64(text.substr(mark + kMark.size()));
}

// A link that a provider fetches, and no model reads.
bool is_web_link(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("http://")) &&
           made_of(text, "-._~:/?#[]@!$&'()*+,;=%");
}

bool has_form(Form form, std::string_view text) {
    switch (form) {
        case Form::role:
            return holds(kRoles, text);
        case Form::base64:
            return is_base64(text) || is_data_link(text);
        case Form::link:
            return is_data_link(text) || is_web_link(text);
        default:
            return made_of(text, "._:/+=@-|#");
    }
}

}  // namespace

bool is_structure(Side side, std::string_view name, std::string_view text) {
    const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                    [name](const Known& one) { return one.name == name; });
    if (known == kKnown.end() || (side == Side::request && !known->of_requests)) return false;
    if (side == Side::answer) {
        // Its role is one word, whatever it is; the links in it are what a model wrote.
        if (known->form == Form::role) return has_form(Form::token, text);
        if (known->form == Form::link) return is_data_link(text);
    }
    return has_form(known->form, text);
}

Change change_of(std::string_view name) {
    return holds(kUnchangeable, name) ? Change::none : Change::free;
}

std::string as_label(std::string_view text) {
    constexpr std::size_t kMaxLabel = 64;
    std::string label(text.substr(0, kMaxLabel));
    std::replace_if(
        label.begin(), label.end(),
        [](char c) { return !is_alphanumeric(c) && c != '_' && c != '-'; }, '_');
    return label;
}

Naming naming_below(std::string_view name) {
    if (holds(kNamesByClient, name)) return Naming::client;
    return holds(kAnything, name) ? Naming::anything : Naming::api;
}

bool is_plain_name(std::string_view name) {
    constexpr std::size_t kMaxName = 64;
    return name.size() <= kMaxName && made_of(name, "_-.$:@/");
}

}  // namespace patchbay::guard
