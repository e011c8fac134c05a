// Tested by think_tags_test.cpp.
#include "think_tags.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::size_t kMostChoices = 64;

/// How many characters at the end of `text` may be the beginning of `tag`.
std::size_t begun(std::string_view text, std::string_view tag) {
    for (std::size_t n = std::min(text.size(), tag.size() - 1); n > 0; --n) {
        if (text.ends_with(tag.substr(0, n))) return n;
    }
    return 0;
}

bool has_ended(const json::object& choice) {
    const json::value* reason = shared::find(choice, "finish_reason");
    return reason != nullptr && reason->is_string() && !reason->get_string().empty();
}

}  // namespace

void ThinkTags::begin(Choice& choice, Said& said) {
    const std::size_t start = choice.held.find_first_not_of(" \t\r\n");
    const std::string_view text = start == std::string::npos
                                      ? std::string_view()
                                      : std::string_view(choice.held).substr(start);
    if (text.starts_with(kOpen)) {
        choice.at = At::inside;
        choice.held = std::string(text.substr(kOpen.size()));
    } else if (!kOpen.starts_with(text) || choice.held.size() > kMostChoices) {
        choice.at = At::after;
        said.words = std::exchange(choice.held, {});
    }
}

void ThinkTags::inside(Choice& choice, Said& said) {
    const std::size_t end = choice.held.find(kClose);
    if (end != std::string::npos) {
        choice.at = At::after;
        said.thoughts += choice.held.substr(0, end);
        said.words += choice.held.substr(end + kClose.size());
        choice.held.clear();
        return;
    }
    const std::size_t whole = choice.held.size() - begun(choice.held, kClose);
    said.thoughts += choice.held.substr(0, whole);
    choice.held.erase(0, whole);
}

void ThinkTags::take(Choice& choice, std::string_view text, Said& said) {
    json_tree::join(choice.held, text);
    if (choice.at == At::begin) begin(choice, said);
    if (choice.at == At::inside) inside(choice, said);
}

void ThinkTags::finish(Choice& choice, Said& said) {
    (choice.at == At::inside ? said.thoughts : said.words) += std::exchange(choice.held, {});
    choice.at = At::after;
}

bool ThinkTags::split(json::object& choice) {
    json::object* delta = shared::find_object(choice, "delta");
    const std::uint64_t index = shared::count(choice, "index");
    if (delta == nullptr || index >= kMostChoices) return false;
    if (choices_.size() <= index) choices_.resize(index + 1);
    Choice& state = choices_[index];
    if (state.at == At::after) return false;
    const std::string content(shared::text(*delta, "content"));
    Said said;
    take(state, content, said);
    const bool told = !shared::text(*delta, "reasoning_content").empty();
    if (told || has_ended(choice)) finish(state, said);
    if (said.thoughts.empty() && said.words == content) return false;
    if (delta->contains("content") || !said.words.empty()) (*delta)["content"] = said.words;
    if (!said.thoughts.empty()) (*delta)["reasoning_content"] = said.thoughts;
    return true;
}

}  // namespace patchbay::openai
