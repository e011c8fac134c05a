// SPDX-License-Identifier: Apache-2.0
#include "media.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <boost/algorithm/string/predicate.hpp>

#include "anthropic/media.hpp"

namespace patchbay::bedrock {

namespace {

struct Kind {
    std::string_view media_type;
    std::string_view ending;  ///< of a name
    std::string_view block;   ///< of Converse's
    std::string_view format;
};
// ImageFormat, DocumentFormat, AudioFormat and VideoFormat of AWS's reference.
constexpr std::array kKinds{
    Kind{"image/png", "png", "image", "png"},
    Kind{"image/jpeg", "jpeg", "image", "jpeg"},
    Kind{"image/jpg", "jpg", "image", "jpeg"},
    Kind{"image/gif", "gif", "image", "gif"},
    Kind{"image/webp", "webp", "image", "webp"},
    Kind{"application/pdf", "pdf", "document", "pdf"},
    Kind{"text/csv", "csv", "document", "csv"},
    Kind{"application/msword", "doc", "document", "doc"},
    Kind{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
         "document", "docx"},
    Kind{"application/vnd.ms-excel", "xls", "document", "xls"},
    Kind{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "document",
         "xlsx"},
    Kind{"text/html", "html", "document", "html"},
    Kind{"text/plain", "txt", "document", "txt"},
    Kind{"text/markdown", "md", "document", "md"},
    Kind{"text/md", "md", "document", "md"},
    Kind{"application/json", "json", "document", "txt"},
    Kind{"audio/mpeg", "mp3", "audio", "mp3"},
    Kind{"audio/mp3", "mp3", "audio", "mp3"},
    Kind{"audio/wav", "wav", "audio", "wav"},
    Kind{"audio/x-wav", "wav", "audio", "wav"},
    Kind{"audio/flac", "flac", "audio", "flac"},
    Kind{"audio/ogg", "ogg", "audio", "ogg"},
    Kind{"audio/opus", "opus", "audio", "opus"},
    Kind{"audio/aac", "aac", "audio", "aac"},
    Kind{"audio/mp4", "m4a", "audio", "m4a"},
    Kind{"audio/webm", "webm", "audio", "webm"},
    Kind{"video/mp4", "mp4", "video", "mp4"},
    Kind{"video/quicktime", "mov", "video", "mov"},
    Kind{"video/x-matroska", "mkv", "video", "mkv"},
    Kind{"video/webm", "webm", "video", "webm"},
    Kind{"video/x-flv", "flv", "video", "flv"},
    Kind{"video/mpeg", "mpeg", "video", "mpeg"},
    Kind{"video/mpg", "mpg", "video", "mpg"},
    Kind{"video/x-ms-wmv", "wmv", "video", "wmv"},
    Kind{"video/3gpp", "3gp", "video", "three_gp"},
};

constexpr std::size_t kMaxName = 200;  // DocumentBlock
constexpr std::string_view kNameless = "Document";

const Kind* kind_of(std::string_view media_type) {
    const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& row) {
        return boost::algorithm::iequals(row.media_type, media_type);
    });
    return found == kKinds.end() ? nullptr : found;
}

const Kind* kind_of_ending(std::string_view name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& row) {
        return boost::algorithm::iequals(row.ending, name.substr(dot + 1));
    });
    return found == kKinds.end() ? nullptr : found;
}

/// What a part of chat's content holds, whatever its kind.
struct Given {
    std::string_view url;     ///< data URL, link, s3:// or base64
    std::string_view format;  ///< media type, or empty
    std::string_view name;
    std::string_view member;  ///< that holds the url, for error texts
};

std::optional<Given> given_by(const json::object& part) {
    const auto type = text(part, "type");
    if (type == "image_url" || type == "video_url") {
        const auto* object = find_object(part, type);
        if (!object) return Given{text(part, type), {}, {}, type};
        return Given{text(*object, "url"), text(*object, "format"), {}, type};
    }
    const auto* file = type == "file" ? find_object(part, "file") : nullptr;
    if (!file) return std::nullopt;
    const bool data = !text(*file, "file_data").empty();
    return Given{text(*file, data ? "file_data" : "file_id"), text(*file, "format"),
                 text(*file, "filename"), data ? "file.file_data" : "file.file_id"};
}

// The format says what an ending like it says.
std::string_view without_ending(std::string_view name, std::string_view format) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return name;
    return boost::algorithm::iequals(name.substr(dot + 1), format) ? name.substr(0, dot) : name;
}

// The end of "s3://bucket/key", for the name.
std::string_view last_part(std::string_view uri) {
    return uri.substr(uri.rfind('/') + 1);
}

}  // namespace

Result<json::value> Media::block_of(const json::object& part, const std::string& place) {
    const auto type = text(part, "type");
    if (type == "guarded_text") {
        return json::value{{"guardContent", {{"text", {{"text", text(part, "text")}}}}}};
    }
    if (type == "input_audio") {
        const auto* audio = find_object(part, "input_audio");
        const auto* kind =
            audio ? kind_of_ending("." + std::string(text(*audio, "format"))) : nullptr;
        if (!kind || kind->block != "audio") {
            return bad_request(place + ".input_audio.format",
                               "must be a format that Bedrock takes");
        }
        return json::value{
            {"audio", {{"format", kind->format}, {"source", {{"bytes", text(*audio, "data")}}}}}};
    }
    const auto given = given_by(part);
    if (!given) return json::value(nullptr);
    const std::string at = place + "." + std::string(given->member);
    if (given->url.empty()) return bad_request(at, "must be a string that is not empty");
    if (anthropic::is_link(given->url)) {
        return bad_request(at, "Bedrock fetches no links: send a data URL, or s3://");
    }
    const bool stored = given->url.starts_with("s3://");
    const auto data = anthropic::parse_data_url(given->url);
    if (!stored && !data && (given->format.empty() || given->member == "file.file_id")) {
        return bad_request(at, "must be a base64 data URL, or s3://");
    }
    const auto media_type = !given->format.empty() ? given->format
                            : data                 ? data->media_type
                                                   : std::string_view();
    const auto* kind = kind_of(media_type);
    if (!kind) kind = kind_of_ending(given->name);
    if (!kind && stored) kind = kind_of_ending(last_part(given->url));
    if (!kind) return bad_request(at, "its media type is none that Bedrock takes");
    json::object source = stored ? json::object{{"s3Location", {{"uri", given->url}}}}
                                 : json::object{{"bytes", data ? data->base64 : given->url}};
    if (kind->block == "document") {
        const auto name = given->name.empty() && stored ? last_part(given->url) : given->name;
        return document(without_ending(name, kind->format), kind->format, std::move(source));
    }
    json::object block;
    block[kind->block] = json::object{{"format", kind->format}, {"source", std::move(source)}};
    return block;
}

json::object Media::document(std::string_view name, std::string_view format, json::object source) {
    return {{"document",
             {{"format", format}, {"name", free_name(name)}, {"source", std::move(source)}}}};
}

// "Alphanumeric characters, whitespace characters (no more than one in a row), hyphens, parentheses,
// square brackets."
std::string Media::free_name(std::string_view given) {
    std::string name;
    for (const char c : given) {
        const bool taken = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-()[]").find(c) != std::string_view::npos;
        if (taken) name += c;
        if (!taken && !name.empty() && name.back() != ' ') name += ' ';
    }
    while (!name.empty() && name.back() == ' ') name.pop_back();
    if (name.empty()) name = kNameless;
    name.resize(std::min(name.size(), kMaxName - 8));
    std::string free = name;
    if (names_.insert(free).second) return free;
    // All up to the last one are taken: a request may have very many documents of one name.
    int& last = numbers_.try_emplace(name, 1).first->second;
    do {
        free = name + " " + std::to_string(++last);
    } while (!names_.insert(free).second);
    return free;
}

}  // namespace patchbay::bedrock
