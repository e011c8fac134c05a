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
    if (text.substr(0, star) != pattern.substr(0, star)) return std::nullopt;
    const std::string_view rest = pattern.substr(star + 1);
    const std::string_view tail = text.substr(star);
    if (rest.find('*') == std::string_view::npos) {
        if (!tail.ends_with(rest) || tail.size() < rest.size()) return std::nullopt;
        return std::vector<std::string_view>{tail.substr(0, tail.size() - rest.size())};
    }
    for (std::size_t length = tail.size() + 1; length-- > 0;) {
        if (auto more = match_wildcard(rest, tail.substr(length))) {
            more->insert(more->begin(), tail.substr(0, length));
            return more;
        }
    }
    return std::nullopt;
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
