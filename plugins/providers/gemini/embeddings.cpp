// SPDX-License-Identifier: Apache-2.0
#include "embeddings.hpp"

#include <utility>

#include "google/characters.hpp"
#include "google/json.hpp"

namespace patchbay::gemini {

namespace json = boost::json;

namespace {

using google::bad_request;
using google::find;

struct Member {
    std::string_view from;
    std::string_view to;
};
constexpr Member kMembers[] = {
    {"dimensions", "outputDimensionality"}, {"task_type", "taskType"}, {"title", "title"}};

}  // namespace

google::Result<EmbeddingsCall> embeddings_request(std::string_view client_json,
                                                  std::string_view model) {
    auto parsed = google::parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    const auto& client = parsed->get_object();
    const auto* input = find(client, "input");
    if (!input) return bad_request("input", "must be a string or an array of strings");
    const auto name =
        model.starts_with("models/") ? std::string(model) : std::string("models/").append(model);
    const json::array one{*input};
    const auto* list = input->if_array();
    EmbeddingsCall call;
    json::array requests;
    for (const auto& value : list ? *list : one) {
        const auto* words = value.if_string();
        if (!words) return bad_request("input", "must be a string or an array of strings");
        json::object request{{"model", name},
                             {"content", {{"parts", json::array{json::object{{"text", *words}}}}}}};
        for (const auto& [from, to] : kMembers) {
            if (const auto* given = find(client, from)) request[to] = *given;
        }
        call.characters += google::characters(google::view(*words));
        requests.emplace_back(std::move(request));
    }
    call.inputs = requests.size();
    call.body = google::to_text(json::object{{"requests", std::move(requests)}});
    return call;
}

google::Result<std::string> embeddings_answer(std::string_view response_json,
                                              std::string_view model, std::size_t inputs) {
    const auto parsed = google::parse_json(response_json);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    const auto* embeddings = response ? google::find_array(*response, "embeddings") : nullptr;
    if (!embeddings || embeddings->size() != inputs) {
        return google::unreadable("it does not hold an embedding for each text");
    }
    json::array data;
    for (const auto& value : *embeddings) {
        const auto* embedding = value.if_object();
        const auto* values = embedding ? google::find_array(*embedding, "values") : nullptr;
        if (!values) return google::unreadable("an embedding has no values");
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", *values}});
    }
    const auto* told = google::find_object(*response, "usageMetadata");
    const auto tokens = told ? google::count(*told, "promptTokenCount") : 0;
    return google::to_text(
        json::object{{"object", "list"},
                     {"data", std::move(data)},
                     {"model", model},
                     {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

}  // namespace patchbay::gemini
