#include "config/link_settings.hpp"

#include <charconv>
#include <cmath>

#include "config/reader.hpp"

namespace patchbay {

void finish_links_with_environment(Reader& reader, LinkSettings& links) {
    constexpr std::string_view kName = "MAX_IMAGE_URL_DOWNLOAD_SIZE_MB";
    constexpr double kMost = 1024;
    const auto value =
        reader.environment() ? reader.environment()(std::string(kName)) : std::nullopt;
    if (!value || value->empty()) return;
    double megabytes = 0;
    const char* const end = value->data() + value->size();
    const auto [stop, wrong] = std::from_chars(value->data(), end, megabytes);
    if (wrong != std::errc() || stop != end || !(megabytes >= 0 && megabytes <= kMost)) {
        reader.problems().error({}, "the environment variable " + std::string(kName) +
                                        ": expected 0 to 1024, megabytes");
        return;
    }
    links.most_bytes = static_cast<std::uint64_t>(std::llround(megabytes * 1024 * 1024));
}

}  // namespace patchbay
