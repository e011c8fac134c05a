// SPDX-License-Identifier: Apache-2.0
#include "embeddings.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/client_request.hpp"

namespace patchbay::gigachat {

namespace json = boost::json;

openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* const client = parsed ? parsed->if_object() : nullptr;
    auto inputs = openai::texts_of_input(client);
    if (!inputs) return inputs.error();
    json::object body{{"model", bay::sv(request.target->model)}, {"input", std::move(*inputs)}};
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_EMBEDDINGS));
    for (const auto& [name, value] : *client) {
        if (name == "model" || name == "input") continue;
        if (!unsupported.leaves_out(name, shared::to_text(value))) body[name] = value;
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    dropped = unsupported.dropped();
    return shared::to_text(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* const vectors = shared::find_array(document, "data");
    if (vectors == nullptr) return openai::unreadable("GigaChat", "there are no embeddings");
    std::uint64_t read = shared::count(shared::find_object(document, "usage"), "prompt_tokens");
    const bool summed = read == 0;
    json::array data;
    data.reserve(vectors->size());
    for (const json::value& value : *vectors) {
        const json::object* const vector = value.if_object();
        const json::value* const numbers = shared::find(vector, "embedding");
        if (numbers == nullptr) return openai::unreadable("GigaChat", "a vector is missing");
        const json::object* const usage = shared::find_object(vector, "usage");
        if (summed) read += shared::count(usage, "prompt_tokens");
        data.emplace_back(json::object{{"object", "embedding"},
                                       {"index", shared::count(vector, "index")},
                                       {"embedding", *numbers}});
    }
    usage_ = bay_usage{};
    usage_->size = sizeof(bay_usage);
    usage_->input_tokens = read;
    return json::object{
        {"object", "list"},
        {"model", shared::text(document, "model")},
        {"data", std::move(data)},
        {"usage", {{"prompt_tokens", read}, {"completion_tokens", 0}, {"total_tokens", read}}}};
}

}  // namespace patchbay::gigachat
