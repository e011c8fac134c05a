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

/// `format` is LiteLLM's own word for the kind of a file; OpenAI's API does not know it.
bool drop_format(json::object& part) {
    json::value* file = shared::find(part, "file");
    return file != nullptr && file->is_object() && file->get_object().erase("format") > 0;
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
    json::value* content = message.if_contains("content");
    if (content == nullptr || !content->is_array()) return false;
    bool changed = false;
    for (json::value& value : content->get_array()) {
        json::object* part = value.if_object();
        if (part == nullptr) continue;
        const std::string_view type = shared::text(*part, "type");
        if (rules.audio_as_text && type == "input_audio") {
            changed |= rewrite_audio(*part);
        } else if (type == "file") {
            const bool keep = rules.files == FileRule::keep;
            changed |= keep ? drop_format(*part) : rewrite_file(*part);
        }
    }
    return changed;
}

bool may_rewrite_parts(const MessageRules& rules, std::string_view messages) {
    return (rules.audio_as_text && shared::mentions(messages, "\"input_audio\"")) ||
           (shared::mentions(messages, "\"file\"") &&
            (rules.files != FileRule::keep || shared::mentions(messages, "\"format\"")));
}

}  // namespace patchbay::openai
