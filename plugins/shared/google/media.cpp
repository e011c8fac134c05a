#include "media.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/algorithm/string/predicate.hpp>

namespace patchbay::google {

namespace {

struct Pair {
    std::string_view from;
    std::string_view to;
};

template <std::size_t Size>
std::string_view looked_up(const std::array<Pair, Size>& table, std::string_view name) {
    const auto* found = std::find_if(table.begin(), table.end(), [&](const Pair& row) {
        return boost::algorithm::iequals(row.from, name);
    });
    return found == table.end() ? std::string_view() : found->to;
}

// Media types that Google reads, by the usual ends of names.
constexpr std::array kEndings{
    Pair{"png", "image/png"},   Pair{"jpg", "image/jpeg"},
    Pair{"jpeg", "image/jpeg"}, Pair{"webp", "image/webp"},
    Pair{"heic", "image/heic"}, Pair{"heif", "image/heif"},
    Pair{"gif", "image/gif"},   Pair{"pdf", "application/pdf"},
    Pair{"txt", "text/plain"},  Pair{"html", "text/html"},
    Pair{"css", "text/css"},    Pair{"csv", "text/csv"},
    Pair{"md", "text/md"},      Pair{"xml", "text/xml"},
    Pair{"rtf", "text/rtf"},    Pair{"json", "application/json"},
    Pair{"wav", "audio/wav"},   Pair{"mp3", "audio/mp3"},
    Pair{"aiff", "audio/aiff"}, Pair{"aac", "audio/aac"},
    Pair{"ogg", "audio/ogg"},   Pair{"flac", "audio/flac"},
    Pair{"mp4", "video/mp4"},   Pair{"mpeg", "video/mpeg"},
    Pair{"mpg", "video/mpg"},   Pair{"mov", "video/mov"},
    Pair{"avi", "video/avi"},   Pair{"flv", "video/x-flv"},
    Pair{"webm", "video/webm"}, Pair{"wmv", "video/wmv"},
    Pair{"3gp", "video/3gpp"},
};

constexpr std::array kUsualNames{
    Pair{"image/jpg", "image/jpeg"},
    Pair{"audio/mpeg", "audio/mp3"},
    Pair{"audio/x-wav", "audio/wav"},
};

constexpr std::array kResolutions{
    Pair{"low", "MEDIA_RESOLUTION_LOW"},
    Pair{"medium", "MEDIA_RESOLUTION_MEDIUM"},
    Pair{"high", "MEDIA_RESOLUTION_HIGH"},
    Pair{"ultra_high", "MEDIA_RESOLUTION_ULTRA_HIGH"},
};

// "File input methods": what Google reads from where it is. The others may be private.
constexpr std::array<std::string_view, 3> kLinks{"https://", "http://", "gs://"};

bool is_link(std::string_view url) {
    return std::any_of(kLinks.begin(), kLinks.end(), [&](std::string_view begin) {
        return boost::algorithm::istarts_with(url, begin);
    });
}

struct DataUrl {
    std::string_view media_type;
    std::string_view base64;
};

std::optional<DataUrl> read_data_url(std::string_view url) {
    if (!boost::algorithm::istarts_with(url, "data:")) return std::nullopt;
    url.remove_prefix(5);
    const auto comma = url.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const auto head = url.substr(0, comma);
    if (!boost::algorithm::iends_with(head, ";base64")) return std::nullopt;
    return DataUrl{head.substr(0, head.find(';')), url.substr(comma + 1)};
}

std::string_view type_of_link(std::string_view link) {
    link = link.substr(0, link.find_first_of("?#"));
    const auto dot = link.rfind('.');
    return dot == std::string_view::npos ? std::string_view()
                                         : looked_up(kEndings, link.substr(dot + 1));
}

}  // namespace

json::object inline_part(std::string_view media_type, std::string_view base64) {
    const auto usual = looked_up(kUsualNames, media_type);
    return {{"inline_data", {{"mime_type", usual.empty() ? media_type : usual}, {"data", base64}}}};
}

Result<json::object> media_part(std::string_view url, std::string_view media_type,
                                const std::string& place) {
    if (const auto data = read_data_url(url)) {
        const auto type = media_type.empty() ? data->media_type : media_type;
        if (type.empty()) return bad_request(place, "the data URL names no media type");
        return inline_part(type, data->base64);
    }
    if (!is_link(url)) {
        return bad_request(place, "must be a base64 data URL, or a link with https or gs");
    }
    const auto type = media_type.empty() ? type_of_link(url) : media_type;
    json::object file{{"file_uri", url}};
    if (!type.empty()) file["mime_type"] = type;
    return json::object{{"file_data", std::move(file)}};
}

std::string audio_type(std::string_view format) {
    const auto known = looked_up(kEndings, format);
    return known.empty() ? std::string("audio/").append(format) : std::string(known);
}

std::string_view resolution_of(std::string_view detail) {
    return looked_up(kResolutions, detail);
}

}  // namespace patchbay::google
