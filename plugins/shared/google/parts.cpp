#include "parts.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "media.hpp"

namespace patchbay::google {

namespace {

Result<json::object> image(const json::object& part, const Place& place, PartContext& context) {
    const auto* given = find(part, "image_url");
    const auto* options = given ? given->if_object() : nullptr;
    const auto url = options ? text(*options, "url") : text(part, "image_url");
    if (url.empty()) return bad_request(place.text(".image_url"), "must have a URL");
    auto made = media_part(url, text(options, "format"), place.text(".image_url"));
    const auto resolution = resolution_of(text(options, "detail"));
    if (!made || resolution.empty()) return made;
    if (context.traits.third) {
        (*made)["media_resolution"] = json::object{{"level", resolution}};
    } else if (context.resolution != "MEDIA_RESOLUTION_HIGH") {
        context.resolution = resolution;
    }
    return made;
}

Result<json::object> audio(const json::object& part, const Place& place) {
    const auto* given = find_object(part, "input_audio");
    const auto data = text(given, "data");
    if (data.empty()) return bad_request(place.text(".input_audio.data"), "must be base64");
    return inline_part(audio_type(text(given, "format", "wav")), data);
}

// LiteLLM's spelling of Google's videoMetadata is that of Python.
json::object video_metadata(const json::object& given) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames{
        {{"start_offset", "startOffset"}, {"end_offset", "endOffset"}, {"start", "startOffset"}}};
    json::object made;
    for (const auto& [name, value] : given) {
        std::string_view to = name;
        for (const auto& [from, camel] : kNames) {
            if (from == std::string_view(name)) to = camel;
        }
        made[to] = value;
    }
    return made;
}

Result<json::object> file(const json::object& part, std::string_view member, const Place& place) {
    const auto* given = find_object(part, member);
    const auto at = place.text("." + std::string(member));
    if (!given) return bad_request(at, "must be an object");
    const auto format = text(*given, "format", text(*given, "mime_type"));
    std::string_view url;
    for (const std::string_view name : {"file_id", "file_url", "url", "file_data"}) {
        if (url.empty()) url = text(*given, name);
    }
    if (url.empty()) return bad_request(at, "must have file_data, or a link as file_id");
    const bool plain = !text(*given, "file_data").empty() && url.find(':') == url.npos;
    if (plain && format.empty()) {
        return bad_request(at + ".file_data", "must be a base64 data URL, or have a format");
    }
    auto made =
        plain ? Result<json::object>(inline_part(format, url)) : media_part(url, format, at);
    if (!made) return made;
    if (const auto* metadata = find_object(*given, "video_metadata")) {
        (*made)["video_metadata"] = video_metadata(*metadata);
    }
    return made;
}

// Retrieved texts that other APIs have parts for.
std::string text_of_source(const json::object& part) {
    std::string words(text(part, "title"));
    if (!words.empty()) words += "\n";
    const auto* source = find(part, "source");
    if (const auto* link = source ? source->if_string() : nullptr) {
        words.append(view(*link)).append("\n");
    }
    const auto* content = find(part, "content");
    if (const auto* inner = source ? source->if_object() : nullptr) {
        content = find(*inner, text(*inner, "type") == "text" ? "data" : "content");
    }
    return words + text_of_content(content);
}

Result<json::object> translate(const json::object& part, const Place& place, PartContext& context) {
    const auto type = text(part, "type");
    if (type == "text" || type == "input_text" || type == "output_text" || type == "refusal") {
        const std::string_view member = type == "refusal" ? "refusal" : "text";
        const auto* said = part.if_contains(member);
        if (!said || !said->is_string()) {
            return bad_request(place.text("." + std::string(member)), "must be a string");
        }
        const auto words = view(said->get_string());
        return words.empty() ? json::object() : text_part(words);
    }
    if (type == "image_url") return image(part, place, context);
    if (type == "input_audio") return audio(part, place);
    if (type == "file") return file(part, "file", place);
    if (type == "video_url" || type == "audio_url") return file(part, type, place);
    if (type == "search_result" || type == "document") return text_part(text_of_source(part));
    if (type == "thinking" || type == "redacted_thinking") return json::object();
    return bad_request(place.text(".type"), "Google takes no content of this type");
}

}  // namespace

std::string Place::text(std::string_view below) const {
    std::string place = "messages[" + std::to_string(message) + "]";
    if (part) place += ".content[" + std::to_string(*part) + "]";
    return place.append(below);
}

json::object text_part(std::string_view words) {
    return {{"text", words}};
}

Result<void> append_content(const json::value* content, std::size_t message, PartContext& context,
                            json::array& parts) {
    if (!content) return {};
    if (const auto* words = content->if_string()) {
        if (!words->empty()) parts.emplace_back(text_part(view(*words)));
        return {};
    }
    const auto* list = content->if_array();
    if (!list) {
        return bad_request(Place{message, {}}.text(".content"), "must be a string or an array");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const Place place{message, i};
        const auto* part = (*list)[i].if_object();
        if (!part) return bad_request(place.text(), "must be an object");
        auto made = translate(*part, place, context);
        if (!made) return made.error();
        if (!made->empty()) parts.emplace_back(std::move(*made));
    }
    return {};
}

std::string text_of_content(const json::value* content) {
    if (!content) return {};
    if (const auto* words = content->if_string()) return std::string(view(*words));
    std::string all;
    const auto* list = content->if_array();
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const auto* part = (*list)[i].if_object();
        if (part) json_tree::join(all, text(*part, "text"));
    }
    return all;
}

}  // namespace patchbay::google
