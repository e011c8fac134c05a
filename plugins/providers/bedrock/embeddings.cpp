// SPDX-License-Identifier: Apache-2.0
#include "embeddings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "anthropic/media.hpp"

namespace patchbay::bedrock {

/// `write` makes the body for `inputs`, of which there is one unless `batch`; `read` gives the vectors,
/// and the tokens if the answer tells them.
struct EmbeddingsForm {
    std::string_view begin;  ///< of the name
    bool batch;
    json::object (*write)(const json::array& inputs, const json::object& client);
    bool (*read)(const json::object& answer, json::array& vectors, std::uint64_t& tokens);
};

namespace {

void copy(const json::object& from, std::string_view name, json::object& to,
          std::string_view as = {}) {
    if (const auto* value = find(from, name)) to[as.empty() ? name : as] = *value;
}

std::string_view words(const json::value& input) {
    return view(input.get_string());
}

json::object titan_text(const json::array& inputs, const json::object& client) {
    json::object body{{"inputText", inputs[0]}};
    copy(client, "dimensions", body);
    copy(client, "normalize", body);
    copy(client, "embeddingTypes", body);
    return body;
}

// LiteLLM's word for the kind that is the default.
json::object titan_text_2(const json::array& inputs, const json::object& client) {
    json::object body = titan_text(inputs, client);
    const auto* form = find(client, "encoding_format");
    const bool floats = form && *form == json::value("float");
    if (floats && !body.contains("embeddingTypes")) body["embeddingTypes"] = json::array{"float"};
    return body;
}

json::object titan_image(const json::array& inputs, const json::object& client) {
    json::object body;
    const auto image = anthropic::parse_data_url(words(inputs[0]));
    body[image ? "inputImage" : "inputText"] = image ? image->base64 : words(inputs[0]);
    if (const auto* dimensions = find(client, "dimensions")) {
        body["embeddingConfig"] = json::object{{"outputEmbeddingLength", *dimensions}};
    }
    return body;
}

bool one_embedding(const json::object& answer, json::array& vectors, std::uint64_t& tokens) {
    const auto* found = find(answer, "embedding");
    if (!found || !found->is_array()) return false;
    vectors.push_back(*found);
    tokens = count(answer, "inputTextTokenCount");
    return true;
}

json::object cohere(const json::array& inputs, const json::object& client) {
    const bool images = std::all_of(inputs.begin(), inputs.end(), [](const json::value& input) {
        return anthropic::parse_data_url(words(input)).has_value();
    });
    json::object body{{"input_type", images ? "image" : "search_document"}};
    body[images ? "images" : "texts"] = inputs;
    copy(client, "input_type", body);
    copy(client, "truncate", body);
    copy(client, "embedding_types", body);
    copy(client, "dimensions", body, "output_dimension");
    return body;
}

bool many_embeddings(const json::object& answer, json::array& vectors, std::uint64_t&) {
    const auto* found = find(answer, "embeddings");
    if (!found) return false;
    const auto* list = found->if_array();
    if (!list) {  // by type
        const auto& types = *found;
        if (!types.is_object() || types.get_object().empty()) return false;
        list = types.get_object().begin()->value().if_array();
    }
    if (!list) return false;
    vectors.insert(vectors.end(), list->begin(), list->end());
    return std::all_of(list->begin(), list->end(),
                       [](const json::value& one) { return one.is_array(); });
}

json::object nova(const json::array& inputs, const json::object& client) {
    json::object params{{"embeddingPurpose", "GENERIC_INDEX"}};
    copy(client, "dimensions", params, "embeddingDimension");
    copy(client, "embeddingPurpose", params);
    params["text"] = json::object{{"value", inputs[0]}, {"truncationMode", "END"}};
    return {{"schemaVersion", "nova-multimodal-embed-v1"},
            {"taskType", "SINGLE_EMBEDDING"},
            {"singleEmbeddingParams", std::move(params)}};
}

bool listed(const json::object& answer, std::string_view member, json::array& vectors) {
    const auto* list = find_array(answer, member);
    if (!list || list->empty()) return false;
    const auto* vector = find_array((*list)[0].if_object(), "embedding");
    if (vector) vectors.emplace_back(*vector);
    return vector != nullptr;
}

json::object marengo(const json::array& inputs, const json::object& client) {
    json::object body{{"inputType", "text"}, {"inputText", inputs[0]}, {"textTruncate", "end"}};
    copy(client, "textTruncate", body);
    return body;
}

// The pages of the models in AWS's user guide.
constexpr std::array kEmbeddingsForms{
    EmbeddingsForm{"amazon.titan-embed-image", false, titan_image, one_embedding},
    EmbeddingsForm{"amazon.titan-embed-text-v2", false, titan_text_2, one_embedding},
    EmbeddingsForm{"amazon.titan-embed", false, titan_text, one_embedding},
    EmbeddingsForm{"cohere.embed", true, cohere, many_embeddings},
    EmbeddingsForm{"amazon.nova-2-multimodal-embeddings", false, nova,
                   [](const json::object& answer, json::array& vectors, std::uint64_t&) {
                       return listed(answer, "embeddings", vectors);
                   }},
    EmbeddingsForm{"twelvelabs.marengo-embed", false, marengo,
                   [](const json::object& answer, json::array& vectors, std::uint64_t&) {
                       return listed(answer, "data", vectors);
                   }},
};

Result<json::array> inputs_of(const json::object& client) {
    const auto* input = find(client, "input");
    json::array inputs;
    if (input && input->is_array()) {
        inputs = input->get_array();
    } else if (input) {
        inputs.push_back(*input);
    }
    const bool texts =
        !inputs.empty() && std::all_of(inputs.begin(), inputs.end(),
                                       [](const json::value& one) { return one.is_string(); });
    if (!texts) return bad_request("input", "must be a string or an array of strings");
    return inputs;
}

}  // namespace

Result<EmbeddingsCall> embeddings_request(std::string_view client_json, std::string_view name) {
    const auto parsed = parse_json(client_json);
    const auto* client = parsed ? parsed->if_object() : nullptr;
    if (!client) return bad_request("body", "must be a JSON object");
    const auto* form =
        std::find_if(kEmbeddingsForms.begin(), kEmbeddingsForms.end(),
                     [&](const EmbeddingsForm& row) { return name.starts_with(row.begin); });
    if (form == kEmbeddingsForms.end()) {
        Failure failure;
        failure.cls = BAY_ERR_UNSUPPORTED;
        failure.retry = BAY_RETRY_OTHER;
        failure.message = std::string(name) + " makes no embeddings that are known here";
        return failure;
    }
    auto inputs = inputs_of(*client);
    if (!inputs) return inputs.error();
    EmbeddingsCall call;
    call.form = form;
    if (form->batch) {
        call.bodies.push_back(to_text(form->write(*inputs, *client)));
        return call;
    }
    if (inputs->size() > kMostTexts) {
        return bad_request("input", "the model takes one text a call: at most " +
                                        std::to_string(kMostTexts) + " are asked for at once");
    }
    for (const auto& input : *inputs) {
        call.bodies.push_back(to_text(form->write(json::array{input}, *client)));
    }
    return call;
}

Result<void> add_embeddings(std::string_view answer_json, const EmbeddingsForm& form,
                            std::uint64_t counted, EmbeddingsAnswer& answer) {
    const auto parsed = parse_json(answer_json);
    const auto* told = parsed ? parsed->if_object() : nullptr;
    json::array vectors;
    std::uint64_t tokens = 0;
    if (!told || !form.read(*told, vectors, tokens)) return unreadable("it holds no embedding");
    for (auto& vector : vectors) {
        answer.data.emplace_back(json::object{{"object", "embedding"},
                                              {"index", answer.data.size()},
                                              {"embedding", std::move(vector)}});
    }
    answer.tokens += tokens > 0 ? tokens : counted;
    return {};
}

std::string embeddings_list(EmbeddingsAnswer answer, std::string_view model) {
    return to_text(json::object{
        {"object", "list"},
        {"data", std::move(answer.data)},
        {"model", model},
        {"usage", {{"prompt_tokens", answer.tokens}, {"total_tokens", answer.tokens}}}});
}

}  // namespace patchbay::bedrock
