#include "lists.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "json/is_among.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::huggingface {

namespace json = boost::json;

using shared::is_among;

namespace {

/// Members of the client's API, and of the gateway's settings, that a pipeline does not know.
constexpr std::string_view kLeftOut[] = {"model",      "input",           "user",
                                         "dimensions", "encoding_format", "input_type"};
constexpr std::string_view kOptions[] = {"wait_for_model", "use_cache"};

bool are_texts(const json::array& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(),
                                        [](const json::value& one) { return one.is_string(); });
}

/// The mean of the vectors of one input's tokens; what is no list of numbers stays as it is.
json::value mean(const json::array& tokens) {
    std::vector<double> sums;
    for (const json::value& token : tokens) {
        const json::array* vector = token.if_array();
        if (vector == nullptr) return tokens;
        sums.resize(std::max(sums.size(), vector->size()));
        for (std::size_t i = 0; i < vector->size(); ++i) {
            sums[i] += json_tree::number((*vector)[i]).value_or(0);
        }
    }
    json::array result;
    for (const double sum : sums) result.emplace_back(sum / static_cast<double>(tokens.size()));
    return result;
}

/// A vector is a list of numbers.
bool is_vector(const json::value& value) {
    const json::array* list = value.if_array();
    return list != nullptr && !list->empty() && json_tree::is_number(list->front());
}

}  // namespace

openai::Written<std::string> write_embeddings(const bay_ev_request& request) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    json::object body{{"inputs", std::move(*texts)}};
    json::object options;
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        if (member.value().is_null() || is_among(name, kLeftOut)) continue;
        (is_among(name, kOptions) ? options : body).insert_or_assign(name, member.value());
    }
    if (!options.empty()) body["options"] = std::move(options);
    return json_tree::write(body);
}

openai::Written<std::string> write_rerank(const shared::Ranking& ranking) {
    if (!are_texts(ranking.documents())) {
        return openai::bad_member("documents", "must be a list of texts");
    }
    json::object body{{"query", ranking.query()},
                      {"texts", ranking.documents()},
                      {"raw_scores", false},
                      {"truncation_direction", "Right"}};
    if (shared::is_true(&ranking.members(), "return_documents")) body["return_text"] = true;
    return json_tree::write(body);
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::array* vectors = shared::find_array(document, "embeddings");
    if (vectors == nullptr) return openai::unreadable("Hugging Face", "there are no embeddings");
    return list(*vectors);
}

openai::Read<json::object> EmbeddingsReader::list(const json::array& document) {
    json::array data;
    data.reserve(document.size());
    for (const json::value& value : document) {
        const json::array* one = value.if_array();
        if (one == nullptr) return openai::unreadable("Hugging Face", "an embedding is no list");
        // A batch of its own around the tokens of one input.
        const bool wrapped = one->size() == 1 && one->front().is_array() &&
                             !is_vector(one->front()) && !is_vector(value);
        const json::array& tokens = wrapped ? one->front().get_array() : *one;
        data.emplace_back(json::object{{"object", "embedding"},
                                       {"index", data.size()},
                                       {"embedding", is_vector(value) ? value : mean(tokens)}});
    }
    return json::object{{"object", "list"},
                        {"model", model_},
                        {"data", std::move(data)},
                        {"usage", json::object{{"prompt_tokens", 0}, {"total_tokens", 0}}}};
}

openai::Read<json::object> RerankReader::whole(const json::object& document) {
    const json::array* ranks = shared::find_array(document, "results");
    if (ranks == nullptr) return openai::unreadable("Hugging Face", "there is no ranking");
    return list(*ranks);
}

openai::Read<json::object> RerankReader::list(const json::array& document) {
    json::array results;
    for (const json::value& value : document) {
        const json::object* rank = value.if_object();
        const json::value* score = shared::find(rank, "score");
        if (score == nullptr) return openai::unreadable("Hugging Face", "a rank has no score");
        if (most_ != 0 && results.size() == most_) break;
        json::object result{{"index", shared::count(rank, "index")}, {"relevance_score", *score}};
        if (const auto text = shared::text(rank, "text"); !text.empty()) {
            result["document"] = json::object{{"text", text}};
        }
        results.emplace_back(std::move(result));
    }
    constexpr std::size_t kDigits = 24;
    return json::object{
        {"id", "rerank-" + bay::Host::random_hex(kDigits)},
        {"results", std::move(results)},
        {"meta", json::object{{"billed_units", json::object{{"search_units", 1}}}}}};
}

}  // namespace patchbay::huggingface
