// SPDX-License-Identifier: Apache-2.0
#include "ranking.hpp"

#include <charconv>
#include <utility>

#include "json/is_among.hpp"
#include "ranking/ranking.hpp"

namespace patchbay::vertex_ai {

namespace json = boost::json;

namespace {

using google::bad_request;
using google::find;
using google::find_array;
using google::text;

constexpr std::string_view kRead[] = {"model", "query",  "documents",       "top_n",
                                      "user",  "labels", "return_documents"};

std::string first_words(std::string_view content) {
    constexpr std::string_view kBlank = " \t\r\n\f\v";
    constexpr int kWords = 3;
    std::string title;
    for (int i = 0; i < kWords; ++i) {
        const auto begin = content.find_first_not_of(kBlank);
        if (begin == std::string_view::npos) break;
        content.remove_prefix(begin);
        const auto word = content.substr(0, content.find_first_of(kBlank));
        if (!title.empty()) title += ' ';
        title += word;
        content.remove_prefix(word.size());
    }
    return title;
}

google::Result<json::object> record_of(const json::value& document, std::size_t index) {
    const std::string id = std::to_string(index);
    const auto* object = document.if_object();
    if (!object && !document.is_string()) {
        return bad_request("documents[" + id + "]", "must be a string or an object");
    }
    std::string content(object ? text(*object, "text") : google::view(document.get_string()));
    std::string title(text(object, "title"));
    if (object && content.empty()) content = google::to_text(document);
    if (title.empty()) title = first_words(content);
    return json::object{{"id", id}, {"title", std::move(title)}, {"content", std::move(content)}};
}

}  // namespace

google::Result<RankingCall> ranking_request(std::string_view client_json, std::string_view model) {
    const auto ranking = shared::Ranking::read(client_json);
    if (!ranking) return ranking.error();
    const json::object& client = ranking->members();
    RankingCall call;
    json::array records;
    for (const auto& document : ranking->documents()) {
        auto record = record_of(document, records.size());
        if (!record) return record.error();
        records.emplace_back(std::move(*record));
        if (!google::is_true(&client, "return_documents")) continue;
        call.documents.push_back(document.is_string() ? json::object{{"text", document}}
                                                      : document.get_object());
    }
    call.records = records.size();
    for (const auto& [name, value] : client) {
        if (!shared::is_among(name, kRead) && !value.is_null()) call.dropped.add(name);
    }
    json::object body{
        {"model", model}, {"query", ranking->query()}, {"records", std::move(records)}};
    if (const auto* most = find(client, "top_n")) body["topN"] = *most;
    if (const auto* labels = google::find_object(client, "labels")) body["userLabels"] = *labels;
    body["ignoreRecordDetailsInResponse"] = true;
    call.body = google::to_text(body);
    return call;
}

google::Result<std::string> ranking_answer(std::string_view response_json, const RankingCall& call,
                                           std::string_view request_id) {
    const auto parsed = google::parse_json(response_json);
    const auto* answer = parsed ? parsed->if_object() : nullptr;
    const auto* records = answer ? find_array(*answer, "records") : nullptr;
    if (!records) return google::unreadable("a ranking without records");
    json::array results;
    for (const auto& value : *records) {
        const auto* record = value.if_object();
        const auto id = text(record, "id");
        std::size_t index = 0;
        const auto [stop, error] = std::from_chars(id.data(), id.data() + id.size(), index);
        if (error != std::errc() || stop != id.data() + id.size() || index >= call.records) {
            return google::unreadable("a record of a ranking that was not sent");
        }
        // A score of 0 is not written.
        const auto* score = find(record, "score");
        json::object result{{"index", index},
                            {"relevance_score", score ? *score : json::value(0.0)}};
        if (!call.documents.empty()) result["document"] = call.documents[index];
        results.emplace_back(std::move(result));
    }
    shared::sort_ranks(results);
    return google::to_text(shared::told_ranking(request_id, std::move(results), call.records));
}

}  // namespace patchbay::vertex_ai
