#include "ranking.hpp"

#include <algorithm>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::shared {

namespace {

double score_of(const json::value& result) {
    return json_tree::number(result.at("relevance_score")).value_or(0);
}

}  // namespace

Result<Ranking> Ranking::read(std::string_view client_json) {
    auto parsed = parse_json(client_json);
    const auto* client = parsed ? parsed->if_object() : nullptr;
    if (client == nullptr) return bad_request("body", "must be a JSON object");
    if (text(*client, "query").empty()) return bad_request("query", "must be a text");
    const auto* documents = find_array(*client, "documents");
    if (documents == nullptr || documents->empty()) {
        return bad_request("documents", "must be a list that holds a document");
    }
    return Ranking(std::move(*parsed));
}

std::string_view Ranking::query() const {
    return text(members(), "query");
}

std::uint64_t Ranking::most() const {
    return count(members(), "top_n");
}

void sort_ranks(json::array& results) {
    std::stable_sort(
        results.begin(), results.end(),
        [](const json::value& a, const json::value& b) { return score_of(a) > score_of(b); });
}

json::object told_ranking(std::string_view id, json::array results, std::size_t documents) {
    constexpr std::size_t kBilled = 100;
    const std::uint64_t units = (documents + kBilled - 1) / kBilled;
    json::object made{{"id", id}, {"results", std::move(results)}};
    made["meta"] = json::object{{"billed_units", json::object{{"search_units", units}}}};
    return made;
}

}  // namespace patchbay::shared
