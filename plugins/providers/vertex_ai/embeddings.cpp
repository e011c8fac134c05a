// SPDX-License-Identifier: Apache-2.0
#include "embeddings.hpp"

#include <utility>

#include "google/json.hpp"

namespace patchbay::vertex_ai {

namespace json = boost::json;

namespace {

using google::bad_request;
using google::find;
using google::find_object;

struct Member {
    std::string_view from;
    std::string_view to;
    bool each;  ///< stands with each text, too
};
constexpr Member kMembers[] = {{"dimensions", "outputDimensionality", false},
                               {"task_type", "task_type", true},
                               {"title", "title", true},
                               {"auto_truncate", "auto_truncate", false}};

}  // namespace

google::Result<EmbeddingsCall> embeddings_request(std::string_view client_json) {
    const auto parsed = google::parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    const auto& client = parsed->get_object();
    const auto* input = find(client, "input");
    if (!input) return bad_request("input", "must be a string or an array of strings");
    const json::array one{*input};
    const auto* list = input->if_array();
    json::array instances;
    json::object parameters;
    for (const auto& value : list ? *list : one) {
        if (!value.is_string()) {
            return bad_request("input", "must be a string or an array of strings");
        }
        instances.emplace_back(json::object{{"content", value}});
    }
    for (const auto& [from, to, each] : kMembers) {
        const auto* given = find(client, from);
        if (!given) continue;
        parameters[to] = *given;
        for (auto& instance : instances) {
            if (each) instance.get_object()[to] = *given;
        }
    }
    EmbeddingsCall call;
    call.inputs = instances.size();
    call.body = google::to_text(
        json::object{{"instances", std::move(instances)}, {"parameters", std::move(parameters)}});
    return call;
}

google::Result<Embeddings> embeddings_answer(std::string_view response_json, std::string_view model,
                                             std::size_t inputs) {
    const auto parsed = google::parse_json(response_json);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    const auto* predictions = response ? google::find_array(*response, "predictions") : nullptr;
    if (!predictions || predictions->size() != inputs) {
        return google::unreadable("it does not hold an embedding for each text");
    }
    Embeddings made;
    json::array data;
    for (const auto& value : *predictions) {
        const auto* prediction = value.if_object();
        const auto* told = prediction ? find_object(*prediction, "embeddings") : nullptr;
        const auto* values = told ? google::find_array(*told, "values") : nullptr;
        if (!values) return google::unreadable("an embedding has no values");
        const auto* statistics = find_object(*told, "statistics");
        if (statistics) made.tokens += google::count(*statistics, "token_count");
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", *values}});
    }
    made.json = google::to_text(
        json::object{{"object", "list"},
                     {"data", std::move(data)},
                     {"model", model},
                     {"usage", {{"prompt_tokens", made.tokens}, {"total_tokens", made.tokens}}}});
    return made;
}

}  // namespace patchbay::vertex_ai
