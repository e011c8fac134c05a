#include "engine/surface/gemini/generate_parts.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "contract/http/header.hpp"
#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/hub/base64.hpp"
#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

struct Detail {
    std::string_view resolution;
    std::string_view detail;
};
constexpr std::array kDetails{
    Detail{"MEDIA_RESOLUTION_LOW", "low"},
    Detail{"MEDIA_RESOLUTION_HIGH", "high"},
    Detail{"MEDIA_RESOLUTION_ULTRA_HIGH", "high"},
};

struct Sound {
    std::string_view media_type;
    std::string_view format;
};
// What OpenAI's input_audio takes.
constexpr std::array kSounds{
    Sound{"audio/wav", "wav"}, Sound{"audio/x-wav", "wav"}, Sound{"audio/wave", "wav"},
    Sound{"audio/mp3", "mp3"}, Sound{"audio/mpeg", "mp3"},
};

// Documents that are text whatever their type says first.
constexpr std::array<std::string_view, 6> kTexts{
    "application/json",       "application/xml",    "application/x-javascript",
    "application/javascript", "application/x-yaml", "application/rtf"};

// What the end of a link says of a file whose type the client left out.
struct Ending {
    std::string_view end;
    std::string_view media_type;
};
constexpr std::array kEndings{
    Ending{".png", "image/png"}, Ending{".jpg", "image/jpeg"},  Ending{".jpeg", "image/jpeg"},
    Ending{".gif", "image/gif"}, Ending{".webp", "image/webp"}, Ending{".pdf", "application/pdf"},
    Ending{".mp4", "video/mp4"},
};

// Google's own stores: nobody else can read what is there.
constexpr std::array<std::string_view, 5> kGoogles{
    "gs://", "https://generativelanguage.googleapis.com/", "https://www.youtube.com/",
    "https://youtube.com/", "https://youtu.be/"};

Error cannot_read(const Place& place, std::string_view what) {
    const auto path = place.path();
    Error error = bad_request(
        path + ": the model behind this name cannot be given " + std::string(what) + ".", path);
    error.cls = ErrorClass::unsupported;
    return error;
}

/// "image/png" of "Image/PNG; a=b".
std::string plain_type(std::string_view media_type) {
    std::string plain(media_type.substr(0, media_type.find(';')));
    while (plain.ends_with(' ')) plain.pop_back();
    for (char& c : plain) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return plain;
}

json::object image_part(std::string_view url, std::string_view detail) {
    json::object image{{"url", url}};
    if (!detail.empty()) image["detail"] = detail;
    return {{"type", "image_url"}, {"image_url", std::move(image)}};
}

bool is_text_type(std::string_view media_type) {
    return media_type.starts_with("text/") ||
           std::find(kTexts.begin(), kTexts.end(), media_type) != kTexts.end();
}

std::string data_url(std::string_view media_type, std::string_view data) {
    return std::string("data:").append(media_type).append(";base64,").append(data);
}

/// Base64 in the alphabet that data URLs have; clients may send that of URLs.
std::string usual_base64(std::string_view data) {
    std::string usual(data);
    std::replace(usual.begin(), usual.end(), '-', '+');
    std::replace(usual.begin(), usual.end(), '_', '/');
    if (usual.size() % 4 != 0 && !usual.ends_with('=')) usual.append(4 - usual.size() % 4, '=');
    return usual;
}

Result<void> append_inline(const json::object& blob, std::string_view detail, const Place& place,
                           json::array& parts) {
    const auto media_type = plain_type(text_field(blob, "mimeType"));
    if (media_type.empty()) {
        return bad_shape(Place("mimeType", &place), "must be a string that is not empty");
    }
    const auto given = text_field(blob, "data");
    if (given.empty()) {
        return bad_shape(Place("data", &place), "must be a string that is not empty");
    }
    const auto name = text_field(blob, "displayName");
    if (is_text_type(media_type)) {
        const auto words = bytes_of_base64(given);
        if (!words || !json_tree::is_utf8(*words)) {
            return bad_shape(Place("data", &place), "must be text in UTF-8, in base64");
        }
        const std::string heading = name.empty() ? std::string() : std::string(name) + "\n";
        if (!words->empty()) parts.emplace_back(plain_text_part(heading + *words));
        return {};
    }
    const auto data = usual_base64(given);
    if (media_type.starts_with("image/")) {
        parts.emplace_back(image_part(data_url(media_type, data), detail));
        return {};
    }
    const auto* sound = std::find_if(kSounds.begin(), kSounds.end(), [&](const Sound& row) {
        return row.media_type == media_type;
    });
    if (sound != kSounds.end()) {
        parts.emplace_back(json::object{
            {"type", "input_audio"}, {"input_audio", {{"data", data}, {"format", sound->format}}}});
        return {};
    }
    if (media_type.starts_with("audio/") || media_type.starts_with("video/")) {
        return cannot_read(place, media_type);
    }
    const std::string_view filename = !name.empty()                     ? name
                                      : media_type == "application/pdf" ? "document.pdf"
                                                                        : "document";
    parts.emplace_back(json::object{
        {"type", "file"},
        {"file", {{"file_data", data_url(media_type, data)}, {"filename", filename}}}});
    return {};
}

std::string type_of_link(std::string_view link) {
    link = link.substr(0, link.find_first_of("?#"));
    const auto* ending = std::find_if(kEndings.begin(), kEndings.end(), [&](const Ending& row) {
        return link.size() >= row.end.size() &&
               http::iequals(link.substr(link.size() - row.end.size()), row.end);
    });
    return std::string(ending == kEndings.end() ? std::string_view() : ending->media_type);
}

Result<void> append_link(const json::object& file, std::string_view detail, const Place& place,
                         json::array& parts) {
    const auto link = text_field(file, "fileUri");
    if (link.empty()) {
        return bad_shape(Place("fileUri", &place), "must be a string that is not empty");
    }
    const bool googles = std::any_of(kGoogles.begin(), kGoogles.end(), [&](std::string_view begin) {
        return link.starts_with(begin);
    });
    const bool web = link.starts_with("https://") || link.starts_with("http://");
    if (googles || !web) return cannot_read(place, "a file that is kept by Google");
    auto media_type = plain_type(text_field(file, "mimeType"));
    if (media_type.empty()) media_type = type_of_link(link);
    if (media_type.starts_with("image/")) {
        parts.emplace_back(image_part(link, detail));
        return {};
    }
    if (media_type.starts_with("audio/") || media_type.starts_with("video/")) {
        return cannot_read(place, media_type);
    }
    // LiteLLM's words for a file that somebody has to fetch.
    json::object written{{"file_id", link}};
    if (!media_type.empty()) written["format"] = media_type;
    if (const auto name = text_field(file, "displayName"); !name.empty()) {
        written["filename"] = name;
    }
    parts.emplace_back(json::object{{"type", "file"}, {"file", std::move(written)}});
    return {};
}

}  // namespace

std::string_view detail_of(std::string_view resolution) {
    const auto* known = std::find_if(kDetails.begin(), kDetails.end(), [&](const Detail& row) {
        return row.resolution == resolution;
    });
    return known == kDetails.end() ? std::string_view() : known->detail;
}

Result<void> append_part(const json::object& part, std::string_view detail, const Place& place,
                         Reading& reading, json::array& parts) {
    if (object_field(part, "videoMetadata")) reading.note(Place("videoMetadata", &place));
    if (const auto* own = object_field(part, "mediaResolution")) {
        detail = detail_of(text_field(*own, "level"));
    }
    if (const auto* words = field(part, "text")) {
        if (!words->is_string()) return bad_shape(Place("text", &place), "must be a string");
        const auto said = view(words->get_string());
        if (!said.empty()) parts.emplace_back(plain_text_part(said));
        return {};
    }
    if (const auto* blob = object_field(part, "inlineData")) {
        return append_inline(*blob, detail, Place("inlineData", &place), parts);
    }
    if (const auto* file = object_field(part, "fileData")) {
        return append_link(*file, detail, Place("fileData", &place), parts);
    }
    return bad_shape(place,
                     "must hold text, inlineData, fileData, functionCall or functionResponse");
}

}  // namespace patchbay::surface
