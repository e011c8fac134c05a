#include "grounding.hpp"

#include "characters.hpp"

namespace patchbay::google {

namespace {

const json::object* page_of(const json::array& chunks, const json::value& number) {
    const auto* index = number.if_int64();
    if (!index || *index < 0 || static_cast<std::size_t>(*index) >= chunks.size()) return nullptr;
    const auto* chunk = chunks[static_cast<std::size_t>(*index)].if_object();
    return chunk ? find_object(*chunk, "web") : nullptr;
}

}  // namespace

json::array annotations_of(const json::object& metadata, std::string_view answer) {
    json::array annotations;
    const auto* chunks = find_array(metadata, "groundingChunks");
    const auto* supports = find_array(metadata, "groundingSupports");
    if (!chunks || !supports) return annotations;
    for (const auto& value : *supports) {
        const auto* support = value.if_object();
        const auto* segment = support ? find_object(*support, "segment") : nullptr;
        const auto* pages = support ? find_array(*support, "groundingChunkIndices") : nullptr;
        if (!segment || !pages) continue;
        const auto begin = characters(answer.substr(0, count(*segment, "startIndex")));
        const auto end = characters(answer.substr(0, count(*segment, "endIndex")));
        for (const auto& number : *pages) {
            const auto* page = page_of(*chunks, number);
            if (!page) continue;
            annotations.emplace_back(json::object{{"type", "url_citation"},
                                                  {"url_citation",
                                                   {{"url", text(*page, "uri")},
                                                    {"title", text(*page, "title")},
                                                    {"start_index", begin},
                                                    {"end_index", end}}}});
        }
    }
    return annotations;
}

std::uint64_t searches_of(const json::object& metadata) {
    const auto* queries = find_array(metadata, "webSearchQueries");
    return queries ? queries->size() : 0;
}

}  // namespace patchbay::google
