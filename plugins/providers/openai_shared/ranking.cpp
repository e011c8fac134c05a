#include "ranking.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "families.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

// "Rerank" in the providers' references.
using Tokens = RankingForm::Tokens;
constexpr std::array kRankingForms{
    RankingForm{.name = "together", .most = "top_n", .results = "results", .tokens = Tokens::none},
    RankingForm{.name = "jina", .most = "top_n", .results = "results", .tokens = Tokens::none},
    RankingForm{.name = "infinity", .most = "top_n", .results = "results"},
    RankingForm{.name = "vllm", .most = "top_n", .results = "results", .tokens = Tokens::read},
    RankingForm{.name = "fireworks", .most = "top_n", .results = "data", .billed = "search_units"},
    RankingForm{.name = "nvidia",
                .most = "top_k",
                .results = "rankings",
                .score = "logit",
                .tokens = Tokens::absent,
                .passages = true,
                .direct = "ranking/",
                .direct_path = "/v1/ranking"},
    RankingForm{.name = "voyage", .most = "top_k", .results = "data"},
    RankingForm{.name = "deepinfra", .most = "", .results = "scores", .query_each = true},
};

// Texts stand alone or as {"text": ...}; what else there is says nothing.
json::value ranked_document(const json::object& rank) {
    const json::value* told = shared::find(rank, "document");
    if (told == nullptr) return nullptr;
    if (told->is_string()) return json::object{{"text", *told}};
    return told->is_object() && !told->get_object().empty() ? *told : json::value();
}

/// A document as {"text"}; null if it is none.
json::value text_object(const json::value& document) {
    const json::value* text =
        document.is_string() ? &document : shared::find(document.if_object(), "text");
    if (text == nullptr || !text->is_string()) return nullptr;
    return json::object{{"text", *text}};
}

/// The documents as `passages`.
Written<json::array> passages_of(const json::array& documents) {
    json::array passages;
    for (const json::value& document : documents) {
        passages.push_back(text_object(document));
        if (passages.back().is_null()) {
            const std::string place = "documents[" + std::to_string(passages.size() - 1) + "]";
            return bad_member(place, "must be a text, alone or as \"text\"");
        }
    }
    return passages;
}

}  // namespace

const RankingForm* find_ranking_form(std::string_view name) {
    const auto* found = std::find_if(kRankingForms.begin(), kRankingForms.end(),
                                     [&](const RankingForm& form) { return form.name == name; });
    return found == kRankingForms.end() ? nullptr : found;
}

Written<std::string> write_ranking(shared::Ranking& ranking, const RankingForm& form,
                                   std::string_view model) {
    const json::value query(ranking.query());
    json::object body{{"model", model}};
    if (form.query_each) {
        body = {{"queries", json::array(ranking.documents().size(), query)}};
    } else if (form.passages) {
        auto passages = passages_of(ranking.documents());
        if (!passages) return passages.error();
        body = {{"model", with_numbers(model, '_', '.')},
                {"query", {{"text", query}}},
                {"passages", std::move(*passages)}};
    } else {
        body["query"] = query;
    }
    for (auto& [name, value] : ranking.members()) {
        const std::string_view member = name;
        if (value.is_null() || member == "model" || member == "query") continue;
        if (member == "return_documents" && (form.query_each || form.passages)) continue;
        if (member == "documents" && form.passages) continue;
        const std::string_view word = member == "top_n" ? form.most : member;
        if (!word.empty()) body[word] = std::move(value);
    }
    return json_tree::write(body);
}

std::string with_numbers(std::string_view model, char from, char to) {
    std::string name(model);
    for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        if (name[i] == from && is_digit(name[i - 1]) && is_digit(name[i + 1])) name[i] = to;
    }
    return name;
}

json::array told_documents(const shared::Ranking& ranking, const RankingForm& form) {
    const json::value* wanted = shared::find(ranking.members(), "return_documents");
    json::array told;
    if (!form.passages || (wanted != nullptr && *wanted == json::value(false))) return told;
    for (const json::value& document : ranking.documents()) told.push_back(text_object(document));
    return told;
}

Read<json::object> RankingReader::whole(const json::object& document) {
    const json::array* told = shared::find_array(document, form_.results);
    if (told == nullptr) return unreadable(provider_, "there is no ranking");
    json::array results;
    for (const json::value& value : *told) {
        const json::object* rank = json_tree::is_number(value) ? nullptr : value.if_object();
        const json::value* score = rank ? shared::find(rank, form_.score) : &value;
        if (score == nullptr || !json_tree::number(*score)) {
            return unreadable(provider_, "a rank has no score");
        }
        const std::uint64_t index = rank ? shared::count(rank, "index") : results.size();
        json::object result{{"index", index}, {"relevance_score", *score}};
        if (rank != nullptr) {
            auto text = ranked_document(*rank);
            if (text.is_null() && index < documents_.size()) text = documents_[index];
            if (!text.is_null()) result["document"] = std::move(text);
        }
        results.emplace_back(std::move(result));
    }
    shared::sort_ranks(results);
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
    json::object meta{{"billed_units", {{form_.billed, all}}}};
    if (form_.tokens == Tokens::all) {
        meta["tokens"] = {{"input_tokens", read}, {"output_tokens", written}};
    } else if (form_.tokens == Tokens::read) {
        meta["tokens"] = {{"input_tokens", read}};
    } else if (form_.tokens == Tokens::none) {
        meta["tokens"] = json::object();
    }
    return meta;
}

}  // namespace patchbay::openai
