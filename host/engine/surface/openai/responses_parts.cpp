#include "engine/surface/openai/responses_parts.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

using Append = Result<void> (*)(const json::object& part, const Place& place, Reading& reading,
                                json::array& parts);

// OpenAI's mark says no more than that the prompt is cached up to here.
void carry_mark(const json::object& from, json::object& to) {
    if (const auto* mark = find(from, "cache_control")) {
        to["cache_control"] = *mark;
    } else if (find(from, "prompt_cache_breakpoint")) {
        to["cache_control"] = json::object{{"type", "ephemeral"}};
    }
}

void append_part(json::object written, const json::object& part, json::array& parts) {
    carry_mark(part, written);
    parts.emplace_back(std::move(written));
}

Result<void> append_words(std::string_view member, const json::object& part, const Place& place,
                          json::array& parts) {
    const auto* words = part.if_contains(member);
    if (!words || !words->is_string()) return bad_shape(Place(member, &place), "must be a string");
    if (!words->get_string().empty()) {
        append_part(plain_text_part(view(words->get_string())), part, parts);
    }
    return {};
}

Result<void> append_text(const json::object& part, const Place& place, Reading& reading,
                         json::array& parts) {
    const auto* annotations = find_array(part, "annotations");
    if (annotations && !annotations->empty()) reading.note(Place("annotations", &place));
    return append_words("text", part, place, parts);
}

Result<void> append_refusal(const json::object& part, const Place& place, Reading&,
                            json::array& parts) {
    return append_words("refusal", part, place, parts);
}

json::object file_part(json::object file) {
    return {{"type", "file"}, {"file", std::move(file)}};
}

Result<void> append_image(const json::object& part, const Place& place, Reading& reading,
                          json::array& parts) {
    const auto url = text(part, "image_url");
    if (url.empty()) {
        const auto id = text(part, "file_id");
        if (id.empty()) {
            return bad_shape(Place("image_url", &place), "must be a string that is not empty");
        }
        append_part(file_part({{"file_id", id}, {"format", "image/*"}}), part, parts);
        return {};
    }
    json::object image{{"url", url}};
    if (const auto detail = text(part, "detail"); detail == "original") {
        reading.note(Place("detail", &place));
    } else if (!detail.empty()) {
        image["detail"] = detail;
    }
    append_part({{"type", "image_url"}, {"image_url", std::move(image)}}, part, parts);
    return {};
}

Result<void> append_file(const json::object& part, const Place& place, Reading&,
                         json::array& parts) {
    json::object file;
    for (const std::string_view name : {"file_data", "file_id", "filename"}) {
        if (const auto value = text(part, name); !value.empty()) file[name] = value;
    }
    if (const auto url = text(part, "file_url"); !url.empty()) {
        file["file_id"] = url;  // LiteLLM's word for a file that somebody has to fetch
        if (url.ends_with(".pdf")) file["format"] = "application/pdf";
    }
    if (!file.contains("file_data") && !file.contains("file_id")) {
        return bad_shape(place, "must have file_data, file_id or file_url");
    }
    append_part(file_part(std::move(file)), part, parts);
    return {};
}

Result<void> append_own(const json::object& part, const Place&, Reading&, json::array& parts) {
    parts.emplace_back(part);
    return {};
}

struct PartReader {
    std::string_view type;
    Append append;
};

constexpr std::array kPartReaders{
    PartReader{"input_text", append_text},     PartReader{"output_text", append_text},
    PartReader{"text", append_text},           PartReader{"summary_text", append_text},
    PartReader{"reasoning_text", append_text}, PartReader{"refusal", append_refusal},
    PartReader{"input_image", append_image},   PartReader{"input_file", append_file},
    PartReader{"input_audio", append_own},     PartReader{"image_url", append_own},
};

}  // namespace

Result<json::array> chat_parts(const json::value& content, const Place& place, Reading& reading) {
    json::array parts;
    if (const auto* words = content.if_string()) {
        if (!words->empty()) parts.emplace_back(plain_text_part(view(*words)));
        return parts;
    }
    const auto* list = content.if_array();
    if (!list) return bad_shape(place, "must be a string or an array");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Place at(i, &place);
        const auto* part = as_object(&(*list)[i]);
        if (!part) return bad_shape(at, "must be an object");
        const auto type = text(*part, "type");
        if (type.empty()) return bad_shape(Place("type", &at), "must be a string");
        const auto* reader = std::find_if(kPartReaders.begin(), kPartReaders.end(),
                                          [&](const PartReader& row) { return row.type == type; });
        if (reader == kPartReaders.end()) {
            reading.refuse(at);
            continue;
        }
        if (auto appended = reader->append(*part, at, reading, parts); !appended) {
            return appended.error();
        }
    }
    return parts;
}

json::value content_of_parts(json::array parts) {
    if (parts.empty()) return nullptr;
    const auto& first = parts[0].get_object();
    if (parts.size() > 1 || !is_text(parts[0]) || first.contains("cache_control")) return parts;
    return std::move(parts[0].get_object()["text"]);
}

}  // namespace patchbay::surface
