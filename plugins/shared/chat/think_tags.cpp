#include "think_tags.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::shared {

namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kSpace = " \t\r\n";

/// How many bytes at the end of `text` may be the beginning of `tag`.
std::size_t begun(std::string_view text, std::string_view tag) {
    for (std::size_t size = std::min(text.size(), tag.size() - 1); size > 0; --size) {
        if (tag.starts_with(text.substr(text.size() - size))) return size;
    }
    return 0;
}

}  // namespace

Thought ThinkTags::take(std::string_view piece) {
    if (place_ == Place::text) return {{}, std::string(piece)};
    held_ += piece;
    return scan();
}

Thought ThinkTags::scan() {
    Thought thought;
    if (place_ == Place::beginning) {
        const std::size_t first = held_.find_first_not_of(kSpace);
        if (first == std::string::npos) return thought;
        const std::string_view rest = std::string_view(held_).substr(first);
        if (rest.size() < kOpen.size() && kOpen.starts_with(rest)) return thought;
        if (!rest.starts_with(kOpen)) {
            place_ = Place::text;
            thought.content = std::exchange(held_, {});
            return thought;
        }
        held_.erase(0, first + kOpen.size());
        place_ = Place::thinking;
    }
    const std::size_t end = held_.find(kClose);
    if (end != std::string::npos) {
        thought.reasoning = held_.substr(0, end);
        thought.content = held_.substr(end + kClose.size());
        held_.clear();
        place_ = Place::text;
        return thought;
    }
    const std::size_t known = held_.size() - begun(held_, kClose);
    thought.reasoning = held_.substr(0, known);
    held_.erase(0, known);
    return thought;
}

Thought ThinkTags::finish() {
    Thought thought;
    (place_ == Place::thinking ? thought.reasoning : thought.content) = std::exchange(held_, {});
    place_ = Place::text;
    return thought;
}

Thought split_thought(std::string_view text) {
    ThinkTags tags;
    Thought thought = tags.take(text);
    const Thought rest = tags.finish();
    thought.reasoning += rest.reasoning;
    thought.content += rest.content;
    return thought;
}

}  // namespace patchbay::shared
