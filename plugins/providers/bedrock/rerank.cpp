// SPDX-License-Identifier: Apache-2.0
#include "rerank.hpp"

#include <array>
#include <utility>

#include "anthropic/params.hpp"
#include "json/is_among.hpp"
#include "ranking/ranking.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::array<std::string_view, 6> kReadOfRerank{"model", "query", "documents",
                                                        "top_n", "user",  "return_documents"};

json::object typed(std::string_view type, std::string_view name, json::value value) {
    json::object made{{"type", type}};
    made[name] = std::move(value);
    return made;
}

Result<json::object> source_of(const json::value& document, std::size_t index) {
    const auto* object = document.if_object();
    const auto* words = object && object->size() == 1 ? find(*object, "text") : &document;
    if (words && words->is_string()) {
        return typed("TEXT", "textDocument", json::object{{"text", *words}});
    }
    if (object) return typed("JSON", "jsonDocument", *object);
    return bad_request("documents[" + std::to_string(index) + "]", "must be a string or an object");
}

}  // namespace

Result<RerankCall> rerank_request(std::string_view client_json, std::string_view model_arn) {
    const auto ranking = shared::Ranking::read(client_json);
    if (!ranking) return ranking.error();
    const json::array& documents = ranking->documents();
    json::array sources;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        auto source = source_of(documents[i], i);
        if (!source) return source.error();
        sources.emplace_back(typed("INLINE", "inlineDocumentSource", std::move(*source)));
    }
    json::object own;
    for (const auto& [name, value] : ranking->members()) {
        const bool known = shared::is_among(name, kReadOfRerank);
        if (!known && !value.is_null() && !anthropic::is_gateway_own(name)) own[name] = value;
    }
    json::object model{{"modelArn", model_arn}};
    if (!own.empty()) model["additionalModelRequestFields"] = std::move(own);
    const auto most = ranking->most();
    json::object configuration{{"modelConfiguration", std::move(model)},
                               {"numberOfResults", most > 0 ? most : documents.size()}};
    json::array queries;
    queries.emplace_back(typed("TEXT", "textQuery", json::object{{"text", ranking->query()}}));
    json::object body{{"queries", std::move(queries)}, {"sources", std::move(sources)}};
    body["rerankingConfiguration"] =
        typed("BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration", std::move(configuration));
    return RerankCall{to_text(json::value(std::move(body))), documents.size()};
}

Result<std::string> rerank_answer(std::string_view answer_json, std::string_view request_id,
                                  std::size_t documents) {
    const auto parsed = parse_json(answer_json);
    const auto* answer = parsed ? parsed->if_object() : nullptr;
    const auto* results = answer ? find_array(*answer, "results") : nullptr;
    if (!results) return unreadable("a ranking without results");
    json::array ranks;
    for (const auto& value : *results) {
        const auto* rank = value.if_object();
        const auto* score = rank ? find(*rank, "relevanceScore") : nullptr;
        const auto* index = rank ? find(*rank, "index") : nullptr;
        if (!score || !index) return unreadable("a result without its index and score");
        ranks.emplace_back(json::object{{"index", *index}, {"relevance_score", *score}});
    }
    return to_text(shared::told_ranking(request_id, std::move(ranks), documents));
}

}  // namespace patchbay::bedrock
