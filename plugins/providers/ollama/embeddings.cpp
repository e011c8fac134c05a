#include "embeddings.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/text.hpp"
#include "reader.hpp"

namespace patchbay::ollama {

namespace json = boost::json;

namespace {

constexpr std::string_view kLeftOut[] = {"model", "input", "user", "encoding_format"};

}  // namespace

openai::Written<std::string> write_embeddings(const bay_ev_request& request) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    json::object body{{"model", bay::sv(request.target->model)}, {"input", std::move(*texts)}};
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        const bool left_out =
            std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut);
        if (!left_out && !member.value().is_null()) body.insert_or_assign(name, member.value());
    }
    return json_tree::write(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* vectors = shared::find_array(document, "embeddings");
    if (vectors == nullptr) return openai::unreadable("Ollama", "there are no embeddings");
    json::array data;
    data.reserve(vectors->size());
    for (const json::value& vector : *vectors) {
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", vector}});
    }
    usage_ = host_usage_of(document);
    return json::object{{"object", "list"},
                        {"model", model_},
                        {"data", std::move(data)},
                        {"usage", usage_of(document)}};
}

}  // namespace patchbay::ollama
