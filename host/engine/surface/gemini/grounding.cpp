#include "engine/surface/gemini/grounding.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

namespace patchbay::surface {

namespace {

// Where in UTF-8 the code point with this number begins; the end if there are fewer.
std::size_t byte_of(std::string_view text, std::uint64_t code_point) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0u) != 0x80u;
        if (begins && code_point-- == 0) break;
    }
    return at;
}

std::size_t chunk_of(std::string_view uri, std::string_view title, json::array& chunks) {
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        if (text(chunks[i].get_object().at("web").get_object(), "uri") == uri) return i;
    }
    json::object web{{"uri", uri}};
    if (!title.empty()) web["title"] = title;
    chunks.emplace_back(json::object{{"web", std::move(web)}});
    return chunks.size() - 1;
}

}  // namespace

void Grounding::add_text(std::string_view words) {
    json_tree::join(text_, words);
}

void Grounding::add(const json::object& message) {
    const auto* annotations = find_array(message, "annotations");
    if (!annotations) return;
    for (const auto& value : *annotations) {
        const auto* annotation = as_object(&value);
        const auto* link = annotation ? find_object(*annotation, "url_citation") : nullptr;
        if (link && !text(*link, "url").empty()) {
            links_.emplace_back(json::object(*link, json::storage_ptr()));
        }
    }
}

json::object Grounding::metadata(std::size_t part) const {
    if (links_.empty()) return {};
    json::array chunks;
    json::array supports;
    for (const auto& value : links_) {
        const auto& link = value.get_object();
        const auto chunk = chunk_of(text(link, "url"), text(link, "title"), chunks);
        const auto begin = byte_of(text_, count(link, "start_index"));
        const auto end = byte_of(text_, count(link, "end_index"));
        if (end <= begin) continue;
        json::object segment;
        if (part > 0) segment["partIndex"] = part;
        segment["startIndex"] = begin;
        segment["endIndex"] = end;
        segment["text"] = std::string_view(text_).substr(begin, end - begin);
        supports.emplace_back(json::object{{"segment", std::move(segment)},
                                           {"groundingChunkIndices", json::array{chunk}}});
    }
    json::object metadata{{"groundingChunks", std::move(chunks)}};
    if (!supports.empty()) metadata["groundingSupports"] = std::move(supports);
    return metadata;
}

}  // namespace patchbay::surface
