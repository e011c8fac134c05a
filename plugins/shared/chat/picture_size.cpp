#include "picture_size.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace patchbay::shared {

namespace {

struct Ratio {
    std::string_view name;
    double value;
};
constexpr std::array kRatios{
    Ratio{"1:1", 1.0},       Ratio{"4:3", 4.0 / 3},   Ratio{"3:4", 3.0 / 4},
    Ratio{"16:9", 16.0 / 9}, Ratio{"9:16", 9.0 / 16}, Ratio{"3:2", 3.0 / 2},
    Ratio{"2:3", 2.0 / 3},   Ratio{"5:4", 5.0 / 4},   Ratio{"4:5", 4.0 / 5},
    Ratio{"21:9", 21.0 / 9}, Ratio{"9:21", 9.0 / 21},
};

std::uint32_t side(std::string_view digits) {
    std::uint16_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? value : 0;
}

}  // namespace

std::optional<PictureSize> picture_size(std::string_view text) {
    const auto cross = text.find('x');
    if (cross == std::string_view::npos) return std::nullopt;
    const PictureSize size{side(text.substr(0, cross)), side(text.substr(cross + 1))};
    if (size.width == 0 || size.height == 0) return std::nullopt;
    return size;
}

std::string_view aspect_ratio(const PictureSize& size) {
    const double wanted = std::log(static_cast<double>(size.width) / size.height);
    std::string_view nearest;
    double least = std::numeric_limits<double>::max();
    for (const Ratio& ratio : kRatios) {
        const double off = std::abs(std::log(ratio.value) - wanted);
        if (off >= least) continue;
        least = off;
        nearest = ratio.name;
    }
    return nearest;
}

}  // namespace patchbay::shared
