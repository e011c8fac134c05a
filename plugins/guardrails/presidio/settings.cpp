#include "settings.hpp"

#include <boost/json.hpp>

#include "service/settings.hpp"

namespace patchbay::presidio {

namespace json = boost::json;
using service::text_of;

double Settings::threshold(std::string_view kind) const {
    auto found = thresholds.find(kind);
    if (found == thresholds.end()) found = thresholds.find("ALL");
    return found == thresholds.end() ? 0 : found->second;
}

Settings read_settings(std::string_view config) {
    const json::value document = json::parse(config);
    const json::object& object = document.as_object();
    Settings settings;
    settings.url = service::url_of(text_of(object, "presidio_analyzer_api_base"), "/analyze");
    settings.language = text_of(object, "presidio_language", "en");
    const std::string scope = text_of(object, "presidio_filter_scope", "both");
    settings.input = scope != "output";
    settings.output = scope != "input";
    if (const auto* restore = object.if_contains("output_parse_pii")) {
        settings.restore = restore->as_bool();
    }
    if (const auto* kinds = object.if_contains("pii_entities_config")) {
        for (const auto& member : kinds->as_object()) {
            settings.blocks[std::string(member.key())] = member.value() == "BLOCK";
        }
    }
    if (const auto* scores = object.if_contains("presidio_score_thresholds")) {
        for (const auto& member : scores->as_object()) {
            settings.thresholds[std::string(member.key())] = json::value_to<double>(member.value());
        }
    }
    if (const auto* more = object.if_contains("presidio_ad_hoc_recognizers")) {
        settings.recognizers = more->as_array();
    }
    return settings;
}

}  // namespace patchbay::presidio
