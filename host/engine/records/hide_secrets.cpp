#include "engine/records/hide_secrets.hpp"

#include <string>

#include <boost/json.hpp>

#include "engine/surface/redaction.hpp"
#include "engine/surface/secret_names.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

bool holds_headers(std::string_view name) {
    return name == "headers" || name == "extra_headers";
}

void hide_all_texts(json::value& value) {
    if (value.is_string()) {
        value = kRedactedSecret;
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object) hide_all_texts(member.value());
    } else if (auto* array = value.if_array()) {
        for (json::value& item : *array) hide_all_texts(item);
    }
}

}  // namespace

void hide_link_secrets(json::value& value) {
    if (auto* text = value.if_string()) {
        constexpr std::size_t kLongestLink = 16u << 10;
        const std::string_view begin = std::string_view(text->data(), text->size()).substr(0, 8);
        if (text->size() > kLongestLink || begin.find("://") == std::string_view::npos) return;
        std::string link(text->data(), text->size());
        if (redact_link(link)) value = link;
    } else if (auto* array = value.if_array()) {
        for (json::value& item : *array) hide_link_secrets(item);
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object) hide_link_secrets(member.value());
    }
}

void hide_secrets(json::value& value, bool schemas) {
    if (auto* array = value.if_array()) {
        for (json::value& item : *array) hide_secrets(item, schemas);
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object) {
            json::value& inside = member.value();
            if (is_secret_name(member.key()) && (inside.is_string() || !schemas)) {
                if (!inside.is_null()) inside = kRedactedSecret;
            } else if (holds_headers(member.key())) {
                hide_all_texts(inside);
            } else {
                hide_secrets(inside, schemas);
            }
        }
    } else {
        hide_link_secrets(value);
    }
}

}  // namespace patchbay
