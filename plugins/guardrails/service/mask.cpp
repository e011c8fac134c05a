#include "mask.hpp"

#include <algorithm>
#include <utility>

namespace patchbay::service {
namespace {

std::size_t begin_of_tail(std::string_view text) {
    if (text.size() <= kTail) return 0;
    const std::size_t latest = text.size() - kTail;
    const std::size_t earliest = text.size() > kLongest ? text.size() - kLongest : 0;
    for (std::size_t at = latest; at > earliest; --at) {
        if (text[at - 1] == ' ' || text[at - 1] == '\n') return at;
    }
    std::size_t at = earliest;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

}  // namespace

std::size_t decided_up_to(std::string_view text, const std::vector<Span>& spans) {
    std::size_t at = begin_of_tail(text);
    for (const Span& span : spans) {
        if (span.begin < at && span.end >= at) at = span.begin;
    }
    return at;
}

Masked mask(std::string_view shown, std::size_t fixed, bool more, std::vector<Span> spans,
            const Replacement& replacement) {
    spans = without_overlaps(std::move(spans), shown.size());
    const std::size_t end = more ? std::max(decided_up_to(shown, spans), fixed) : shown.size();
    Masked result;
    std::size_t at = fixed;
    for (const Span& span : spans) {
        if (span.end <= fixed || span.begin >= end) continue;
        const std::size_t begin = std::max(span.begin, fixed);
        result.text.append(shown, at, begin - at);
        result.text += replacement(span, shown.substr(begin, span.end - begin));
        at = span.end;
        result.changed = true;
    }
    if (at < end) {
        result.text.append(shown, at, end - at);
        at = end;
    }
    result.held = shown.size() - at;
    return result;
}

}  // namespace patchbay::service
