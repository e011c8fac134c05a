// SPDX-License-Identifier: Apache-2.0
#include "content.hpp"

#include <utility>

#include "media.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::string_view kFilesBeta = "files-api-2025-04-14";

Result<json::value> translate_image(const json::object& part, const Place& place) {
    const auto* image = find(part, "image_url");
    const auto* options = image ? image->if_object() : nullptr;
    const auto url = options ? text(*options, "url") : text(part, "image_url");
    const auto format = options ? text(*options, "format") : std::string_view();
    if (url.empty()) return bad_request(place.text(".image_url"), "must have a URL");
    if (is_link(url)) return block_of_link(format.empty() ? "image/*" : format, url);
    const auto data = parse_data_url(url);
    if (!data) {
        return bad_request(place.text(".image_url"), "must be an http(s) URL or a base64 data URL");
    }
    auto block = block_of_data(format.empty() ? data->media_type : format, data->base64);
    if (!block) return bad_request(place.text(".image_url"), "media type is not supported");
    return std::move(*block);
}

Result<json::object> file_block(const json::object& file, const Place& place, Betas& betas) {
    const auto format = text(file, "format");
    if (const auto id = text(file, "file_id"); !id.empty()) {
        if (is_link(id)) return block_of_link(format, id);
        betas.add(kFilesBeta);
        return block_of_file(format, id);
    }
    const auto data = text(file, "file_data");
    if (data.empty()) return bad_request(place.text(".file"), "must have file_data or file_id");
    if (is_link(data)) return block_of_link(format, data);
    const auto url = parse_data_url(data);
    if (!url && format.empty()) {
        return bad_request(place.text(".file.file_data"), "must be a base64 data URL");
    }
    auto block = block_of_data(format.empty() ? url->media_type : format, url ? url->base64 : data);
    if (!block) {
        return bad_request(place.text(".file.file_data"),
                           "must hold an image, a PDF or text in base64");
    }
    return std::move(*block);
}

Result<json::value> translate_file(const json::object& part, const Place& place, Betas& betas) {
    const auto* file = find_object(part, "file");
    if (!file) return bad_request(place.text(".file"), "must be an object");
    auto block = file_block(*file, place, betas);
    if (!block) return block.error();
    const auto name = text(*file, "filename");
    if (!name.empty() && text(*block, "type") == "document") (*block)["title"] = name;
    return std::move(*block);
}

void note_file_beta(const json::object& block, Betas& betas) {
    const auto* source = find_object(block, "source");
    if (source && text(*source, "type") == "file") betas.add(kFilesBeta);
}

Result<json::value> translate_by_type(json::object& part, const Place& place, Betas& betas) {
    const auto type = text(part, "type");
    if (type == "text" || type == "refusal" || type == "input_text" || type == "output_text") {
        const std::string_view member = type == "refusal" ? "refusal" : "text";
        const auto* said = part.if_contains(member);
        if (!said || !said->is_string()) {
            return bad_request(place.text("." + std::string(member)), "must be a string");
        }
        const auto words = text(part, member);
        if (is_blank(words)) return json::value(nullptr);
        return text_block(words);
    }
    if (type == "image_url" || (type == "input_image" && find(part, "image_url"))) {
        return translate_image(part, place);
    }
    if (type == "file") return translate_file(part, place, betas);
    if (type == "input_audio" || type == "audio_url" || type == "video_url") {
        return bad_request(place.text(), "Anthropic takes no " + std::string(type) + " content");
    }
    if (type.empty()) return bad_request(place.text(".type"), "must be a string");
    note_file_beta(part, betas);
    return std::move(part);
}

}  // namespace

std::string Place::text(std::string_view below) const {
    std::string place = "messages[" + std::to_string(message) + "]";
    if (part) place += ".content[" + std::to_string(*part) + "]";
    return place.append(below);
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

json::object text_block(std::string_view text) {
    return {{"type", "text"}, {"text", text}};
}

Result<json::value> translate_part(json::value& part, const Place& place, Betas& betas) {
    auto* object = part.if_object();
    if (!object) return bad_request(place.text(), "must be an object");
    const auto* cached = find(*object, "cache_control");
    json::value cache_control = cached ? *cached : json::value();
    auto block = translate_by_type(*object, place, betas);
    if (block && block->is_object() && !cache_control.is_null()) {
        block->get_object()["cache_control"] = std::move(cache_control);
    }
    return block;
}

Result<json::array> translate_content(json::value* content, std::size_t message, Betas& betas) {
    json::array blocks;
    if (!content) return blocks;
    if (const auto* words = content->if_string()) {
        if (!is_blank(*words)) blocks.emplace_back(text_block(*words));
        return blocks;
    }
    auto* parts = content->if_array();
    if (!parts) {
        return bad_request(Place{message, {}}.text(".content"), "must be a string or an array");
    }
    for (std::size_t i = 0; i < parts->size(); ++i) {
        auto block = translate_part((*parts)[i], Place{message, i}, betas);
        if (!block) return block.error();
        if (!block->is_null()) blocks.push_back(std::move(*block));
    }
    return blocks;
}

}  // namespace patchbay::anthropic
