#include "contract/shape/token_count.hpp"

#include <charconv>

namespace patchbay {

std::optional<std::uint64_t> token_count(std::string_view json) {
    if (json.size() >= 2 && json.front() == '"' && json.back() == '"') {
        json = json.substr(1, json.size() - 2);
    }
    std::uint64_t count = 0;
    const char* const end = json.data() + json.size();
    const auto [stop, error] = std::from_chars(json.data(), end, count);
    if (error != std::errc()) return std::nullopt;
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    const bool fraction = rest.size() > 1 && rest[0] == '.' &&
                          rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (!rest.empty() && !fraction) return std::nullopt;
    return count;
}

}  // namespace patchbay
