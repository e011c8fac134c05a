// SPDX-License-Identifier: Apache-2.0
#include "media.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace patchbay::anthropic {

namespace {

bool is_text(std::string_view media_type) {
    return media_type.starts_with("text/") || media_type == "application/json" ||
           media_type == "application/xml";
}

bool is_image(std::string_view media_type) {
    return media_type.starts_with("image/");
}

}  // namespace

std::optional<DataUrl> parse_data_url(std::string_view url) {
    if (!boost::algorithm::istarts_with(url, "data:")) return std::nullopt;
    url.remove_prefix(5);
    const auto comma = url.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const auto head = url.substr(0, comma);
    if (!boost::algorithm::iends_with(head, ";base64")) return std::nullopt;
    return DataUrl{head.substr(0, head.find(';')), url.substr(comma + 1)};
}

bool is_link(std::string_view url) {
    return boost::algorithm::istarts_with(url, "http://") ||
           boost::algorithm::istarts_with(url, "https://");
}

std::optional<json::object> block_of_data(std::string_view media_type, std::string_view base64) {
    if (media_type == "image/jpg") media_type = "image/jpeg";
    if (is_text(media_type)) {
        auto text = decode_base64(base64);
        if (!text) return std::nullopt;
        return json::object{
            {"type", "document"},
            {"source", {{"type", "text"}, {"media_type", "text/plain"}, {"data", *text}}}};
    }
    if (!is_image(media_type) && media_type != "application/pdf") return std::nullopt;
    return json::object{
        {"type", is_image(media_type) ? "image" : "document"},
        {"source", {{"type", "base64"}, {"media_type", media_type}, {"data", base64}}}};
}

json::object block_of_link(std::string_view media_type, std::string_view url) {
    return {{"type", is_image(media_type) ? "image" : "document"},
            {"source", {{"type", "url"}, {"url", url}}}};
}

json::object block_of_file(std::string_view media_type, std::string_view file_id) {
    const bool document =
        media_type.empty() || media_type == "application/pdf" || media_type == "text/plain";
    if (!document && !is_image(media_type)) {
        return {{"type", "container_upload"}, {"file_id", file_id}};
    }
    return {{"type", document ? "document" : "image"},
            {"source", {{"type", "file"}, {"file_id", file_id}}}};
}

}  // namespace patchbay::anthropic
