#include "message_parts.hpp"

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool is_address(std::string_view text) {
    return text.starts_with("https://") || text.starts_with("http://");
}

/// {"type":"file","file":{...}}: data, or an address in the place of an id, is a document; an id
/// names one that the provider has.
bool rewrite_file(json::object& part) {
    const json::object* file = shared::find_object(part, "file");
    if (file == nullptr) return false;
    const std::string_view id = shared::text(file, "file_id");
    const std::string_view address =
        is_address(id) ? id : shared::text(file, "file_data", shared::text(file, "file_url"));
    if (!address.empty()) {
        json::object document{{"type", "document_url"}, {"document_url", address}};
        if (const auto name = shared::text(file, "filename"); !name.empty()) {
            document["document_name"] = name;
        }
        part = std::move(document);
        return true;
    }
    if (id.empty()) return false;
    part = json::object{{"type", "file"}, {"file_id", id}};
    return true;
}

bool rewrite_audio(json::object& part) {
    const json::object* audio = shared::find_object(part, "input_audio");
    const json::value* data = shared::find(audio, "data");
    if (data == nullptr || !data->is_string()) return false;
    json::value text = *data;
    part["input_audio"] = std::move(text);
    return true;
}

}  // namespace

bool rewrite_parts(const MessageRules& rules, json::object& message) {
    if (!rules.audio_as_text && rules.files == FileRule::keep) return false;
    json::value* content = message.if_contains("content");
    if (content == nullptr || !content->is_array()) return false;
    bool changed = false;
    for (json::value& value : content->get_array()) {
        json::object* part = value.if_object();
        if (part == nullptr) continue;
        const std::string_view type = shared::text(*part, "type");
        if (rules.audio_as_text && type == "input_audio") {
            changed |= rewrite_audio(*part);
        } else if (rules.files == FileRule::document_url && type == "file") {
            changed |= rewrite_file(*part);
        }
    }
    return changed;
}

bool may_rewrite_parts(const MessageRules& rules, std::string_view messages) {
    return (rules.audio_as_text && shared::mentions(messages, "\"input_audio\"")) ||
           (rules.files != FileRule::keep && shared::mentions(messages, "\"file\""));
}

}  // namespace patchbay::openai
