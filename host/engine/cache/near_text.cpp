#include "engine/cache/near_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "contract/texts/document_texts.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

// Where the APIs have what a user says; '#' is an index. Texts of results are deeper, or have another role.
constexpr auto kQuestions = std::to_array<std::string_view>({
    "/messages/#/content",
    "/messages/#/content/#/text",
    "/input",
    "/input/#/content",
    "/input/#/content/#/text",
    "/contents/#/parts/#/text",
    "/prompt",
});
// Members that hold the conversation.
constexpr auto kConversations =
    std::to_array<std::string_view>({"/messages", "/input", "/contents", "/prompt"});

constexpr std::string_view kDigits = "0123456789";

bool matches(std::string_view path, std::string_view form) {
    while (!form.empty()) {
        if (form.front() != '#') {
            if (path.empty() || path.front() != form.front()) return false;
            path.remove_prefix(1);
        } else {
            const std::size_t end = std::min(path.find_first_not_of(kDigits), path.size());
            if (end == 0) return false;
            path.remove_prefix(end);
        }
        form.remove_prefix(1);
    }
    return path.empty();
}

bool in_conversation(const guard::DocumentText& text) {
    const std::string_view member = std::string_view(text.path).substr(0, text.path.find('/', 1));
    return std::find(kConversations.begin(), kConversations.end(), member) != kConversations.end();
}

// Is it the user's? The walk knows the roles of `messages`; those of other conversations are looked up. Gemini's API takes a
// turn without one as the user's.
bool is_users(std::string_view document, const guard::DocumentText& text) {
    const std::size_t item = text.path.find('/', 1);
    if (text.path.starts_with("/messages/")) return text.role == "user";
    if (item == text.path.npos) return true;
    const std::size_t end = std::min(text.path.find('/', item + 1), text.path.size());
    boost::system::error_code failed;
    const json::value parsed = json::parse(document, failed);
    if (failed) return false;
    const json::value* const role = parsed.find_pointer(text.path.substr(0, end) + "/role", failed);
    return role ? *role == "user" : text.path.starts_with("/contents/");
}

bool is_question(std::string_view document, const guard::DocumentText& text) {
    return text.begin < text.end && !text.copy.empty() &&
           std::any_of(kQuestions.begin(), kQuestions.end(),
                       [&](std::string_view form) { return matches(text.path, form); }) &&
           is_users(document, text);
}

}  // namespace

std::optional<NearText> near_text(std::string_view document) {
    auto found = guard::find_texts(document, guard::DocumentKind::request);
    if (!found) return std::nullopt;
    const auto last = std::find_if(found->texts.rbegin(), found->texts.rend(), in_conversation);
    if (last == found->texts.rend() || !is_question(document, *last)) return std::nullopt;
    return NearText{std::move(last->copy), document.substr(last->begin, last->end - last->begin)};
}

}  // namespace patchbay
