// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/host.hpp"
#include "ranking/ranking.hpp"

namespace patchbay::watsonx {

namespace json = boost::json;

namespace {

bay_usage tokens_read(const json::object& document) {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = shared::count(document, "input_token_count");
    return usage;
}

/// The texts of documents that are texts or {"text": ...}, each as {"text": ...}.
openai::Written<json::array> inputs_of(const json::array& documents) {
    json::array inputs;
    for (const json::value& document : documents) {
        const json::value* text = document.is_string() ? &document : nullptr;
        if (text == nullptr) text = shared::find(document.if_object(), "text");
        if (text == nullptr || !text->is_string()) {
            return openai::bad_member("documents[" + std::to_string(inputs.size()) + "]",
                                      "must be a text");
        }
        inputs.emplace_back(json::object{{"text", *text}});
    }
    return inputs;
}

}  // namespace

openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              const Account& account, bay::Dropped& dropped) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_EMBEDDINGS));
    json::object parameters;
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        if (name == "model" || name == "input") continue;
        if (unsupported.leaves_out(name, shared::to_text(member.value()))) continue;
        if (!member.value().is_null()) parameters[name] = member.value();
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    dropped = unsupported.dropped();
    json::object body{{"inputs", std::move(*texts)}};
    body["parameters"] = std::move(parameters);
    account.put_into(body);
    return shared::to_text(body);
}

openai::Written<std::string> write_rerank(const bay_ev_request& request, const Account& account) {
    const auto ranking = shared::Ranking::read(bay::sv(request.json));
    if (!ranking) return openai::refusal_of(ranking.error());
    auto inputs = inputs_of(ranking->documents());
    if (!inputs) return inputs.error();
    const json::object& client = ranking->members();
    json::object options;
    if (const json::value* most = shared::find(client, "top_n")) options["top_n"] = *most;
    if (const json::value* told = shared::find(client, "return_documents")) {
        options["inputs"] = *told;
    }
    json::object parameters;
    if (!options.empty()) parameters["return_options"] = std::move(options);
    if (const json::value* cut = shared::find(client, "truncate_input_tokens")) {
        parameters["truncate_input_tokens"] = *cut;
    }
    json::object body{{"query", ranking->query()}, {"inputs", std::move(*inputs)}};
    body["parameters"] = std::move(parameters);
    account.put_into(body);
    return shared::to_text(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* results = shared::find_array(document, "results");
    if (results == nullptr) return openai::unreadable(kWhose, "there are no results");
    json::array data;
    data.reserve(results->size());
    for (const json::value& result : *results) {
        const json::value* vector = shared::find(result.if_object(), "embedding");
        if (vector == nullptr) return openai::unreadable(kWhose, "a result has no embedding");
        data.emplace_back(
            json::object{{"object", "embedding"}, {"index", data.size()}, {"embedding", *vector}});
    }
    usage_ = tokens_read(document);
    const std::uint64_t tokens = usage_->input_tokens;
    return json::object{
        {"object", "list"},
        {"model", model_},
        {"data", std::move(data)},
        {"usage", json::object{{"prompt_tokens", tokens}, {"total_tokens", tokens}}}};
}

openai::Read<json::object> RerankReader::whole(const json::object& document) {
    const json::array* ranks = shared::find_array(document, "results");
    if (ranks == nullptr) return openai::unreadable(kWhose, "there are no results");
    json::array results;
    for (const json::value& value : *ranks) {
        const json::object* rank = value.if_object();
        const json::value* score = shared::find(rank, "score");
        if (score == nullptr) return openai::unreadable(kWhose, "a rank has no score");
        json::object result{{"index", shared::count(rank, "index")}, {"relevance_score", *score}};
        if (const json::object* input = shared::find_object(rank, "input")) {
            result["document"] = *input;
        }
        results.emplace_back(std::move(result));
    }
    usage_ = tokens_read(document);
    constexpr std::size_t kDigits = 24;
    return json::object{
        {"id", "rerank-" + bay::Host::random_hex(kDigits)},
        {"results", std::move(results)},
        {"meta", json::object{{"tokens", json::object{{"input_tokens", usage_->input_tokens}}}}}};
}

}  // namespace patchbay::watsonx
