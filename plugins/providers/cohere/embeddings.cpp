#include "embeddings.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::cohere {

namespace json = boost::json;

namespace {

bool is_picture(const json::value& text) {
    return std::string_view(text.get_string()).starts_with("data:image/");
}

/// The vectors of an answer, and how many were asked for: of the only kind there is.
const json::array* vectors_of(const json::object& document) {
    if (const json::array* list = shared::find_array(document, "embeddings")) return list;
    const json::object* kinds = shared::find_object(document, "embeddings");
    if (kinds == nullptr) return nullptr;
    for (const auto& kind : *kinds) {
        if (const json::array* list = kind.value().if_array()) return list;
    }
    return nullptr;
}

}  // namespace

openai::Written<std::string> write_embeddings(const bay_ev_request& request) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    if (client == nullptr) return openai::bad_member("input", "the body must be a JSON object");
    json::object body{{"model", bay::sv(request.target->model)}};
    const bool mixed = shared::find(*client, "inputs") != nullptr;
    if (!mixed) {
        auto inputs = openai::texts_of_input(client);
        if (!inputs) return inputs.error();
        const bool pictures = std::all_of(inputs->begin(), inputs->end(), is_picture);
        body[pictures ? "images" : "texts"] = std::move(*inputs);
        body["input_type"] = pictures ? "image" : "search_document";
    }
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        const json::value& value = member.value();
        if (value.is_null() || name == "model" || name == "input" || name == "user") continue;
        if (name == "encoding_format") {
            json::array kinds;
            kinds.push_back(value);
            body.emplace("embedding_types", std::move(kinds));
        } else {
            const std::string_view own = name == "dimensions" ? "output_dimension" : name;
            body.insert_or_assign(own, value);
        }
    }
    return json_tree::write(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* vectors = vectors_of(document);
    if (vectors == nullptr) return openai::unreadable("Cohere", "there are no embeddings");
    json::array data;
    data.reserve(vectors->size());
    for (const json::value& vector : *vectors) {
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", vector}});
    }
    const json::object* billed =
        shared::find_object(shared::find_object(document, "meta"), "billed_units");
    const std::uint64_t text = shared::count(billed, "input_tokens");
    const std::uint64_t pictures = shared::count(billed, "images");
    const std::uint64_t picture_tokens = std::max(shared::count(billed, "image_tokens"), pictures);
    json::object details;
    if (text > 0) details["text_tokens"] = text;
    if (picture_tokens > 0) details["image_tokens"] = picture_tokens;
    if (pictures > 0) details["image_count"] = pictures;
    const std::uint64_t all = text + picture_tokens;
    json::object usage{{"prompt_tokens", all}, {"completion_tokens", 0}, {"total_tokens", all}};
    if (!details.empty()) usage["prompt_tokens_details"] = std::move(details);
    usage_ = bay_usage{};
    usage_->size = sizeof(bay_usage);
    usage_->input_tokens = all;
    usage_->image_input_tokens = picture_tokens;
    return json::object{{"object", "list"},
                        {"model", model_},
                        {"data", std::move(data)},
                        {"usage", std::move(usage)}};
}

}  // namespace patchbay::cohere
