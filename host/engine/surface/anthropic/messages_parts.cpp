#include "engine/surface/anthropic/messages_parts.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace patchbay::surface {

namespace {

// OpenAI wants a name beside a file's data; Anthropic's documents need none.
constexpr std::string_view kUnnamedPdf = "document.pdf";
constexpr std::string_view kUnnamedText = "document.txt";

void carry_mark(const json::object& from, json::object& to) {
    if (const auto* mark = find(from, "cache_control")) to["cache_control"] = *mark;
}

void append_text(std::string_view words, const json::object& block, json::array& parts) {
    if (!words.empty()) parts.emplace_back(text_part(words, block));
}

std::string data_url(std::string_view media_type, std::string_view base64) {
    std::string url = "data:";
    return url.append(media_type).append(";base64,").append(base64);
}

Result<const json::object*> source_of(const json::object& block, const Place& place) {
    if (const auto* source = find_object(block, "source")) return source;
    return bad_shape(Place("source", &place), "must be an object");
}

Result<std::string_view> member(const json::object& object, std::string_view name,
                                const Place& place) {
    const auto value = text(object, name);
    if (!value.empty()) return value;
    return bad_shape(Place(name, &place), "must be a string that is not empty");
}

Result<std::string> data_of(const json::object& source, const Place& place) {
    const auto media_type = member(source, "media_type", place);
    if (!media_type) return media_type.error();
    const auto data = member(source, "data", place);
    if (!data) return data.error();
    return data_url(*media_type, *data);
}

json::object file_part(json::object file, const json::object& block) {
    json::object part{{"type", "file"}, {"file", std::move(file)}};
    carry_mark(block, part);
    return part;
}

Result<void> append_image(const json::object& block, const Place& place, Reading& reading,
                          json::array& parts) {
    if (find(block, "transformations")) reading.note(Place("transformations", &place));
    const auto source = source_of(block, place);
    if (!source) return source.error();
    const Place at("source", &place);
    const auto type = text(**source, "type");
    std::string url;
    if (type == "base64") {
        auto data = data_of(**source, at);
        if (!data) return data.error();
        url = std::move(*data);
    } else if (type == "url") {
        const auto link = member(**source, "url", at);
        if (!link) return link.error();
        url = *link;
    } else if (type == "file") {
        const auto id = member(**source, "file_id", at);
        if (!id) return id.error();
        parts.emplace_back(file_part({{"file_id", *id}, {"format", "image/*"}}, block));
        return {};
    } else {
        return bad_shape(Place("type", &at), "must be base64, url or file");
    }
    json::object part{{"type", "image_url"}, {"image_url", {{"url", url}}}};
    carry_mark(block, part);
    parts.emplace_back(std::move(part));
    return {};
}

void refuse_citations(const json::object& block, const Place& place, Reading& reading) {
    const auto* citations = find_object(block, "citations");
    if (citations && is_true(*citations, "enabled")) reading.refuse(Place("citations", &place));
}

// What stands above the words of a document that becomes text.
std::string heading(const json::object& block) {
    std::string lines;
    for (const std::string_view name : {"title", "context", "source"}) {
        if (const auto line = text(block, name); !line.empty()) lines.append(line).append("\n");
    }
    return lines;
}

Result<void> append_inner(const json::value& content, const json::object& block, const Place& place,
                          Reading& reading, json::array& parts) {
    auto inner = read_parts(content, place, reading);
    if (!inner) return inner.error();
    if (inner->empty()) return {};
    append_text(heading(block), {}, parts);
    for (auto& part : *inner) parts.push_back(std::move(part));
    carry_mark(block, parts.back().get_object());
    return {};
}

Result<void> append_document(const json::object& block, const Place& place, Reading& reading,
                             json::array& parts) {
    refuse_citations(block, place, reading);
    const auto source = source_of(block, place);
    if (!source) return source.error();
    const Place at("source", &place);
    const auto type = text(**source, "type");
    if (type == "text") {
        const auto words = member(**source, "data", at);
        if (!words) return words.error();
        append_text(heading(block).append(*words), block, parts);
        return {};
    }
    if (type == "content") {
        const auto* content = find(**source, "content");
        const Place inner("content", &at);
        if (!content) return bad_shape(inner, "must be a string or an array");
        return append_inner(*content, block, inner, reading, parts);
    }
    if (find(block, "context")) reading.note(Place("context", &place));
    json::object file;
    if (type == "base64") {
        auto data = data_of(**source, at);
        if (!data) return data.error();
        file["file_data"] = std::move(*data);
        file["filename"] =
            text(**source, "media_type").starts_with("text/") ? kUnnamedText : kUnnamedPdf;
    } else if (type == "url") {
        const auto link = member(**source, "url", at);
        if (!link) return link.error();
        file["file_id"] = *link;  // LiteLLM's word for a file that somebody has to fetch
        file["format"] = "application/pdf";
    } else if (type == "file") {
        const auto id = member(**source, "file_id", at);
        if (!id) return id.error();
        file["file_id"] = *id;
    } else {
        return bad_shape(Place("type", &at), "must be base64, text, content, url or file");
    }
    if (const auto title = text(block, "title"); !title.empty()) file["filename"] = title;
    parts.emplace_back(file_part(std::move(file), block));
    return {};
}

Result<void> append_search_result(const json::object& block, const Place& place, Reading& reading,
                                  json::array& parts) {
    refuse_citations(block, place, reading);
    const Place at("content", &place);
    const auto* content = find(block, "content");
    if (!content) return bad_shape(at, "must be an array");
    return append_inner(*content, block, at, reading, parts);
}

Result<void> append_words(const json::object& block, const Place& place, Reading&,
                          json::array& parts) {
    const auto* words = block.if_contains("text");
    if (!words || !words->is_string()) return bad_shape(Place("text", &place), "must be a string");
    append_text(view(words->get_string()), block, parts);
    return {};
}

Result<void> append_own(const json::object& block, const Place&, Reading&, json::array& parts) {
    parts.emplace_back(block);
    return {};
}

// A tool that a search of the client's has found: it is among the tools, which are all told at once.
Result<void> append_tool_reference(const json::object& block, const Place& place, Reading& reading,
                                   json::array& parts) {
    const auto name = member(block, "tool_name", place);
    if (!name) return name.error();
    append_text("Tool found: " + reading.names.shorten(*name), block, parts);
    return {};
}

struct Reader {
    std::string_view type;
    Result<void> (*append)(const json::object& block, const Place& place, Reading& reading,
                           json::array& parts);
};

constexpr std::array kReaders{
    Reader{"text", append_words},        Reader{"image", append_image},
    Reader{"document", append_document}, Reader{"search_result", append_search_result},
    Reader{"image_url", append_own},     Reader{"input_audio", append_own},
    Reader{"file", append_own},          Reader{"tool_reference", append_tool_reference},
};

}  // namespace

json::object text_part(std::string_view words, const json::object& block) {
    json::object part{{"type", "text"}, {"text", words}};
    carry_mark(block, part);
    return part;
}

Result<void> append_parts(const json::value& value, const Place& place, Reading& reading,
                          json::array& parts) {
    const auto* block = as_object(&value);
    if (!block) return bad_shape(place, "must be an object");
    const auto type = text(*block, "type");
    if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
    const auto* reader = std::find_if(kReaders.begin(), kReaders.end(),
                                      [&](const Reader& row) { return row.type == type; });
    if (reader == kReaders.end()) {
        reading.refuse(place);
        return {};
    }
    return reader->append(*block, place, reading, parts);
}

Result<json::array> read_parts(const json::value& content, const Place& place, Reading& reading) {
    json::array parts;
    if (const auto* words = content.if_string()) {
        append_text(view(*words), {}, parts);
        return parts;
    }
    const auto* blocks = content.if_array();
    if (!blocks) return bad_shape(place, "must be a string or an array");
    for (std::size_t i = 0; i < blocks->size(); ++i) {
        auto appended = append_parts((*blocks)[i], Place(i, &place), reading, parts);
        if (!appended) return appended.error();
    }
    return parts;
}

}  // namespace patchbay::surface
