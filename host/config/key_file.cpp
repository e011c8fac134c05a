#include "config/key_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace patchbay {

namespace {

constexpr std::size_t kMost = 64 * 1024;
constexpr std::array<std::string_view, 2> kNames{"vertex_credentials", "vertex_ai_credentials"};

}  // namespace

bool may_be_key_file(std::string_view name) {
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool read_key_file(boost::json::value& value) {
    if (!value.is_string()) return true;
    const std::string path(value.get_string());
    const auto first = path.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || path[first] == '{') return true;
    std::ifstream file(path, std::ios::binary);
    std::string text(kMost + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (text.empty() || text.size() > kMost) return false;
    value = text;
    return true;
}

}  // namespace patchbay
