#include "engine/surface/bedrock/converse_parts.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/hub/base64.hpp"
#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

struct Format {
    std::string_view name;
    std::string_view media_type;
};
constexpr std::array kImages{
    Format{"png", "image/png"},
    Format{"jpeg", "image/jpeg"},
    Format{"gif", "image/gif"},
    Format{"webp", "image/webp"},
};
constexpr std::array kDocuments{
    Format{"pdf", "application/pdf"},
    Format{"doc", "application/msword"},
    Format{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Format{"xls", "application/vnd.ms-excel"},
    Format{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};
// Documents that every model can read as the text that they are.
constexpr std::array<std::string_view, 4> kTexts{"csv", "html", "md", "txt"};
// What OpenAI's input_audio takes, and Bedrock's other names of it.
constexpr std::array kSounds{Format{"wav", "wav"}, Format{"mp3", "mp3"}, Format{"mpeg", "mp3"}};

template <std::size_t Size>
std::string_view value_of(const std::array<Format, Size>& rows, std::string_view name) {
    const auto* known =
        std::find_if(rows.begin(), rows.end(), [&](const Format& row) { return row.name == name; });
    return known == rows.end() ? std::string_view() : known->media_type;
}

Error cannot_read(const Place& place, std::string_view what) {
    const auto path = place.path();
    Error error = bad_request(
        path + ": the model behind this name cannot be given " + std::string(what) + ".", path);
    error.cls = ErrorClass::unsupported;
    return error;
}

/// The base64 that stands in `source`.
Result<std::string_view> bytes_of(const json::object& source, const Place& place) {
    if (find(source, "s3Location")) {
        return cannot_read(Place("s3Location", &place), "a file that is kept in S3");
    }
    const auto data = text(source, "bytes");
    if (!data.empty()) return data;
    return bad_shape(Place("bytes", &place), "must be a string that is not empty");
}

Result<std::string_view> media_of(const json::object& block, const Place& place) {
    const Place at("source", &place);
    const auto* source = find_object(block, "source");
    if (!source) return bad_shape(at, "must be an object");
    return bytes_of(*source, at);
}

std::string data_url(std::string_view media_type, std::string_view data) {
    return std::string("data:").append(media_type).append(";base64,").append(data);
}

void append_words(std::string_view words, json::array& parts) {
    if (!words.empty()) parts.emplace_back(plain_text_part(words));
}

Result<void> add_text(const json::value& value, const Place& place, Reading&, json::array& parts) {
    if (!value.is_string()) return bad_shape(place, "must be a string");
    append_words(view(value.get_string()), parts);
    return {};
}

Result<void> add_json(const json::value& value, const Place&, Reading&, json::array& parts) {
    append_words(json_tree::write(value), parts);
    return {};
}

Result<void> add_image(const json::value& value, const Place& place, Reading&, json::array& parts) {
    const auto* image = as_object(&value);
    if (!image) return bad_shape(place, "must be an object");
    const auto media_type = value_of(kImages, text(*image, "format"));
    if (media_type.empty()) {
        return bad_shape(Place("format", &place), "must be png, jpeg, gif or webp");
    }
    const auto data = media_of(*image, place);
    if (!data) return data.error();
    parts.emplace_back(
        json::object{{"type", "image_url"}, {"image_url", {{"url", data_url(media_type, *data)}}}});
    return {};
}

Result<void> add_audio(const json::value& value, const Place& place, Reading&, json::array& parts) {
    const auto* audio = as_object(&value);
    if (!audio) return bad_shape(place, "must be an object");
    const auto given = text(*audio, "format");
    if (given.empty()) return bad_shape(Place("format", &place), "must be a string");
    const auto format = value_of(kSounds, given);
    if (format.empty()) return cannot_read(place, "sound in this format");
    const auto data = media_of(*audio, place);
    if (!data) return data.error();
    parts.emplace_back(json::object{{"type", "input_audio"},
                                    {"input_audio", {{"data", *data}, {"format", format}}}});
    return {};
}

Result<void> add_video(const json::value&, const Place& place, Reading&, json::array&) {
    return cannot_read(place, "a video");
}

void refuse_citations(const json::object& block, const Place& place, Reading& reading) {
    const auto* citations = find_object(block, "citations");
    if (citations && is_true(*citations, "enabled")) reading.refuse(Place("citations", &place));
}

// What stands above the words of a document that becomes text.
std::string heading(const json::object& block, std::initializer_list<std::string_view> names) {
    std::string lines;
    for (const auto name : names) {
        if (const auto line = text(block, name); !line.empty()) lines.append(line).append("\n");
    }
    return lines;
}

/// The words of a list of {"text": ...}, joined.
Result<std::string> words_of(const json::object& block, const Place& place) {
    const Place list("content", &place);
    const auto* content = find_array(block, "content");
    if (!content) return bad_shape(list, "must be an array");
    std::string words;
    for (std::size_t i = 0; i < content->size(); ++i) {
        const auto* one = as_object(&(*content)[i]);
        const auto* said = one ? find(*one, "text") : nullptr;
        if (!said || !said->is_string()) return bad_shape(Place(i, &list), "must hold text");
        json_tree::join(words, view(said->get_string()));
    }
    return words;
}

Result<std::string> document_text(const json::object& source, std::string_view format,
                                  const Place& place) {
    if (const auto* words = find(source, "text")) {
        if (!words->is_string()) return bad_shape(Place("text", &place), "must be a string");
        return std::string(view(words->get_string()));
    }
    if (find(source, "content")) return words_of(source, place);
    if (std::find(kTexts.begin(), kTexts.end(), format) == kTexts.end()) return std::string();
    const auto data = bytes_of(source, place);
    if (!data) return data.error();
    auto words = bytes_of_base64(*data);
    if (!words || !json_tree::is_utf8(*words)) {
        return bad_shape(Place("bytes", &place), "must be text in UTF-8, in base64");
    }
    return std::move(*words);
}

Result<void> add_document(const json::value& value, const Place& place, Reading& reading,
                          json::array& parts) {
    const auto* document = as_object(&value);
    if (!document) return bad_shape(place, "must be an object");
    refuse_citations(*document, place, reading);
    const Place at("source", &place);
    const auto* source = find_object(*document, "source");
    if (!source) return bad_shape(at, "must be an object");
    const auto format = text(*document, "format");
    auto words = document_text(*source, format, at);
    if (!words) return words.error();
    if (!words->empty()) {
        append_words(heading(*document, {"name", "context"}) + *words, parts);
        return {};
    }
    const auto media_type = value_of(kDocuments, format);
    if (media_type.empty()) {
        return bad_shape(Place("format", &place),
                         "must be pdf, csv, doc, docx, xls, xlsx, html, txt or md");
    }
    if (find(*document, "context")) reading.note(Place("context", &place));
    const auto data = bytes_of(*source, at);
    if (!data) return data.error();
    const auto name = text(*document, "name");
    const std::string filename =
        std::string(name.empty() ? "document" : name).append(".").append(format);
    parts.emplace_back(json::object{
        {"type", "file"},
        {"file", {{"file_data", data_url(media_type, *data)}, {"filename", filename}}}});
    return {};
}

Result<void> add_search_result(const json::value& value, const Place& place, Reading& reading,
                               json::array& parts) {
    const auto* result = as_object(&value);
    if (!result) return bad_shape(place, "must be an object");
    refuse_citations(*result, place, reading);
    const auto words = words_of(*result, place);
    if (!words) return words.error();
    append_words(heading(*result, {"title", "source"}) + *words, parts);
    return {};
}

Result<void> add_guarded(const json::value& value, const Place& place, Reading& reading,
                         json::array& parts) {
    const auto* guarded = as_object(&value);
    if (!guarded) return bad_shape(place, "must be an object");
    reading.note(place);
    if (const auto* image = find(*guarded, "image")) {
        return add_image(*image, Place("image", &place), reading, parts);
    }
    const Place at("text", &place);
    const auto* words = find_object(*guarded, "text");
    const auto* said = words ? find(*words, "text") : nullptr;
    if (!said) return bad_shape(at, "must hold text");
    return add_text(*said, Place("text", &at), reading, parts);
}

Result<void> add_cache_point(const json::value& value, const Place& place, Reading& reading,
                             json::array& parts) {
    const auto* point = as_object(&value);
    if (!point) return bad_shape(place, "must be an object");
    if (parts.empty()) {
        reading.note(place);
    } else {
        parts.back().get_object()["cache_control"] = cache_mark(*point);
    }
    return {};
}

Result<void> refused(const json::value&, const Place& place, Reading& reading, json::array&) {
    reading.refuse(place);
    return {};
}

struct Reader {
    std::string_view name;
    Result<void> (*add)(const json::value& value, const Place& place, Reading& reading,
                        json::array& parts);
};
constexpr std::array kReaders{
    Reader{"text", add_text},
    Reader{"image", add_image},
    Reader{"document", add_document},
    Reader{"audio", add_audio},
    Reader{"video", add_video},
    Reader{"json", add_json},
    Reader{"searchResult", add_search_result},
    Reader{"guardContent", add_guarded},
    Reader{"cachePoint", add_cache_point},
    Reader{"toolAddition", refused},
    Reader{"toolRemoval", refused},
};

}  // namespace

json::object cache_mark(const json::object& point) {
    json::object mark{{"type", "ephemeral"}};
    if (const auto ttl = text(point, "ttl"); !ttl.empty()) mark["ttl"] = ttl;
    return mark;
}

Result<void> append_converse_part(const json::object& block, const Place& place, Reading& reading,
                                  json::array& parts) {
    for (const auto& reader : kReaders) {
        const auto* value = find(block, reader.name);
        if (value) return reader.add(*value, Place(reader.name, &place), reading, parts);
    }
    return bad_shape(place, "must hold a content block of Bedrock's, as text or image");
}

}  // namespace patchbay::surface
