#include "engine/world/wildcard.hpp"

#include <algorithm>

namespace patchbay {

std::optional<std::vector<std::string_view>> match_wildcard(std::string_view pattern,
                                                            std::string_view text) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        if (pattern != text) return std::nullopt;
        return std::vector<std::string_view>{};
    }
    const std::size_t last = pattern.rfind('*');
    const std::string_view before = pattern.substr(0, star);
    const std::string_view behind = pattern.substr(last + 1);
    if (!text.starts_with(before)) return std::nullopt;
    std::string_view open = text.substr(before.size());
    if (!open.ends_with(behind)) return std::nullopt;
    open.remove_suffix(behind.size());
    // From the end, each piece as far behind as it can stand: what is before it is then as long as it
    // can be, and no piece is ever tried in two places.
    std::vector<std::string_view> captures;
    std::string_view pieces = pattern.substr(star, last - star);
    while (!pieces.empty()) {
        const std::size_t begin = pieces.rfind('*') + 1;
        const std::string_view piece = pieces.substr(begin);
        const std::size_t at = open.rfind(piece);
        if (at == std::string_view::npos) return std::nullopt;
        captures.push_back(open.substr(at + piece.size()));
        open = open.substr(0, at);
        pieces = pieces.substr(0, begin - 1);
    }
    captures.push_back(open);
    std::reverse(captures.begin(), captures.end());
    return captures;
}

std::optional<std::vector<std::string_view>> match_wildcard_of(std::string_view provider,
                                                               std::string_view pattern,
                                                               std::string_view name) {
    if (provider.empty() || !pattern.starts_with(provider)) return std::nullopt;
    pattern.remove_prefix(provider.size());
    if (!pattern.starts_with('/')) return std::nullopt;
    return match_wildcard(pattern.substr(1), name);
}

std::string fill_wildcard(std::string_view model, const std::vector<std::string_view>& captures,
                          std::string_view requested) {
    const auto stars = static_cast<std::size_t>(std::count(model.begin(), model.end(), '*'));
    if (stars == 0) return std::string(model);
    if (captures.size() > stars) return std::string(requested);
    std::string filled;
    std::size_t next = 0;
    for (const char c : model) {
        if (c == '*' && next < captures.size()) {
            filled += captures[next++];
        } else {
            filled += c;
        }
    }
    return filled;
}

bool more_specific(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() > b.size();
    return std::count(a.begin(), a.end(), '*') < std::count(b.begin(), b.end(), '*');
}

}  // namespace patchbay
