#include "joined.hpp"

#include <algorithm>

namespace patchbay::presidio {

using service::Span;

void Joined::add(std::string_view text) {
    if (!parts_.empty()) text_ += "\n\n";
    parts_.push_back({text_.size(), text_.size() + text.size()});
    text_ += text;
}

std::vector<std::vector<Span>> Joined::apart(const std::vector<Span>& spans) const {
    std::vector<std::vector<Span>> all(parts_.size());
    for (const Span& span : spans) {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const std::size_t begin = std::max(span.begin, parts_[i].begin);
            const std::size_t end = std::min(span.end, parts_[i].end);
            if (begin >= end) continue;
            all[i].push_back(
                {begin - parts_[i].begin, end - parts_[i].begin, span.kind, span.score});
        }
    }
    return all;
}

}  // namespace patchbay::presidio
