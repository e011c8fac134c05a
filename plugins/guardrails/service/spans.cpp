#include "spans.hpp"

#include <algorithm>

namespace patchbay::service {

std::size_t byte_offset(std::string_view text, std::size_t character) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const bool first = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        if (first && character-- == 0) break;
    }
    return at;
}

std::vector<Span> without_overlaps(std::vector<Span> spans, std::size_t size) {
    std::erase_if(spans, [&](const Span& s) { return s.begin >= s.end || s.end > size; });
    std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
        if (a.score != b.score) return a.score > b.score;
        if (a.end - a.begin != b.end - b.begin) return a.end - a.begin > b.end - b.begin;
        return a.begin < b.begin;
    });
    std::vector<Span> kept;
    for (Span& span : spans) {
        const bool free = std::none_of(kept.begin(), kept.end(), [&](const Span& other) {
            return span.begin < other.end && other.begin < span.end;
        });
        if (free) kept.push_back(std::move(span));
    }
    std::sort(kept.begin(), kept.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    return kept;
}

}  // namespace patchbay::service
