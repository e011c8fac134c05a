// Sizes of pictures as OpenAI's clients say them, for providers that want sides or a ratio.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::shared {

struct PictureSize {
    std::uint32_t width = 0;  ///< in pixels, 1 to 65535, as the height
    std::uint32_t height = 0;
};

/// "1792x1024"; nothing for "auto" and whatever else is no size.
std::optional<PictureSize> picture_size(std::string_view text);

/// The ratio of its sides that is nearest among those that models of pictures know: "16:9". Static.
std::string_view aspect_ratio(const PictureSize& size);

}  // namespace patchbay::shared
