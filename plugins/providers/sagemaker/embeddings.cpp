// SPDX-License-Identifier: Apache-2.0
#include "embeddings.hpp"

#include <algorithm>
#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"

namespace patchbay::sagemaker {

namespace json = boost::json;

namespace {

bool is_voyage(std::string_view model) {
    return boost::algorithm::to_lower_copy(std::string(model)).find("voyage") != std::string::npos;
}

bool is_vector(const json::value& value) {
    const json::array* list = value.if_array();
    return list != nullptr && !list->empty() && json_tree::is_number(list->front());
}

}  // namespace

openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              bay::Dropped& dropped) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_EMBEDDINGS));
    json::object body;
    body[is_voyage(bay::sv(request.target->model)) ? "input" : "inputs"] = std::move(*texts);
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        if (name == "model" || name == "input" || member.value().is_null()) continue;
        if (unsupported.leaves_out(name, shared::to_text(member.value()))) continue;
        body[name] = member.value();
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    dropped = unsupported.dropped();
    return shared::to_text(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    for (const std::string_view name : {"embedding", "embeddings", "vectors"}) {
        if (const json::array* vectors = shared::find_array(document, name)) return list(*vectors);
    }
    const json::object* told = shared::find_object(document, "usage");
    if (shared::find_array(document, "data") == nullptr) {
        return openai::unreadable(kWhose, "there are no embeddings");
    }
    json::object answer = document;
    answer.emplace("object", "list");
    const std::uint64_t tokens =
        std::max(shared::count(told, "prompt_tokens"), shared::count(told, "total_tokens"));
    usage_ = bay_usage{};
    usage_->size = sizeof(bay_usage);
    usage_->input_tokens = tokens;
    answer["usage"] = json::object{{"prompt_tokens", tokens}, {"total_tokens", tokens}};
    return answer;
}

openai::Read<json::object> EmbeddingsReader::list(const json::array& document) {
    json::array data;
    data.reserve(document.size());
    for (const json::value& vector : document) {
        if (!is_vector(vector)) return openai::unreadable(kWhose, "an embedding is no list");
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", vector}});
    }
    return json::object{{"object", "list"},
                        {"model", model_},
                        {"data", std::move(data)},
                        {"usage", json::object{{"prompt_tokens", 0}, {"total_tokens", 0}}}};
}

}  // namespace patchbay::sagemaker
