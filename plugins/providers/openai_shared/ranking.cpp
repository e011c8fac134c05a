#include "ranking.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

// "Rerank" in the providers' references.
constexpr std::array kForms{
    RankingForm{.name = "together", .most = "top_n", .results = "results", .tells_tokens = false},
    RankingForm{.name = "jina", .most = "top_n", .results = "results", .tells_tokens = false},
    RankingForm{.name = "infinity", .most = "top_n", .results = "results"},
    RankingForm{.name = "fireworks", .most = "top_n", .results = "data"},
    RankingForm{.name = "voyage", .most = "top_k", .results = "data"},
    RankingForm{.name = "deepinfra", .most = "", .results = "scores", .query_each = true},
};

Refusal bad(std::string_view place, std::string_view why) {
    return {BAY_ERR_BAD_REQUEST, std::string(place).append(": ").append(why), std::string(place)};
}

// Texts stand alone or as {"text": ...}; what else there is says nothing.
json::value ranked_document(const json::object& rank) {
    const json::value* told = shared::find(rank, "document");
    if (told == nullptr) return nullptr;
    if (told->is_string()) return json::object{{"text", *told}};
    return told->is_object() && !told->get_object().empty() ? *told : json::value();
}

double score_of(const json::value& result) {
    return json_tree::number(result.at("relevance_score")).value_or(0);
}

}  // namespace

const RankingForm* find_ranking_form(std::string_view name) {
    const auto* found = std::find_if(kForms.begin(), kForms.end(),
                                     [&](const RankingForm& form) { return form.name == name; });
    return found == kForms.end() ? nullptr : found;
}

Written<std::string> write_ranking(std::string_view client_json, const RankingForm& form,
                                   std::string_view model) {
    auto parsed = shared::parse_json(client_json);
    json::object* client = parsed ? parsed->if_object() : nullptr;
    const json::array* documents = shared::find_array(client, "documents");
    const std::string query(shared::text(client, "query"));
    if (query.empty()) return bad("query", "must be a text");
    if (documents == nullptr || documents->empty()) {
        return bad("documents", "must be a list of documents");
    }
    json::object body{{"model", model}};
    if (form.query_each) {
        body = {{"queries", json::array(documents->size(), json::value(query))}};
    } else {
        body["query"] = query;
    }
    for (auto& [name, value] : *client) {
        const std::string_view member = name;
        if (value.is_null() || member == "model" || member == "query") continue;
        if (member == "return_documents" && form.query_each) continue;
        const std::string_view word = member == "top_n" ? form.most : member;
        if (!word.empty()) body[word] = std::move(value);
    }
    return json_tree::write(body);
}

std::uint64_t top_n(std::string_view client_json) {
    const auto parsed = shared::parse_json(client_json);
    return shared::count(parsed ? parsed->if_object() : nullptr, "top_n");
}

Read<json::object> RankingReader::whole(const json::object& document) {
    const json::array* told = shared::find_array(document, form_.results);
    if (told == nullptr) return unreadable(provider_, "there is no ranking");
    json::array results;
    for (const json::value& value : *told) {
        const json::object* rank = json_tree::is_number(value) ? nullptr : value.if_object();
        const json::value* score = rank ? shared::find(rank, "relevance_score") : &value;
        if (score == nullptr || !json_tree::number(*score)) {
            return unreadable(provider_, "a rank has no score");
        }
        const std::uint64_t index = rank ? shared::count(rank, "index") : results.size();
        json::object result{{"index", index}, {"relevance_score", *score}};
        if (rank != nullptr) {
            if (auto text = ranked_document(*rank); !text.is_null()) {
                result["document"] = std::move(text);
            }
        }
        results.emplace_back(std::move(result));
    }
    std::stable_sort(
        results.begin(), results.end(),
        [](const json::value& a, const json::value& b) { return score_of(a) > score_of(b); });
    if (most_ != 0 && results.size() > most_) results.resize(most_);
    constexpr std::size_t kDigits = 24;
    std::string id(shared::text(document, "id", shared::text(document, "request_id")));
    if (id.empty()) id = "rerank-" + bay::Host::random_hex(kDigits);
    return json::object{{"id", id}, {"results", std::move(results)}, {"meta", meta(document)}};
}

json::object RankingReader::meta(const json::object& document) {
    const json::object* usage = shared::find_object(document, "usage");
    std::uint64_t read = shared::count(usage, "prompt_tokens");
    const std::uint64_t written = shared::count(usage, "completion_tokens");
    if (read == 0) read = shared::count(document, "input_tokens");
    const std::uint64_t all = std::max(shared::count(usage, "total_tokens"), read + written);
    if (read == 0) read = all - written;
    usage_.emplace();
    usage_->size = sizeof *usage_;
    usage_->input_tokens = read;
    usage_->output_tokens = written;
    json::object tokens;
    if (form_.tells_tokens) tokens = {{"input_tokens", read}, {"output_tokens", written}};
    return {{"billed_units", {{"total_tokens", all}}}, {"tokens", std::move(tokens)}};
}

}  // namespace patchbay::openai
