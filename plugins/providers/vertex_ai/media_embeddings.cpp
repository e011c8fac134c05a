// SPDX-License-Identifier: Apache-2.0
#include "media_embeddings.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "google/characters.hpp"
#include "google/json.hpp"
#include "google/media.hpp"

namespace patchbay::vertex_ai {

namespace json = boost::json;

namespace {

using google::bad_request;
using google::find;
using google::find_array;
using google::find_object;

constexpr std::string_view kStorage = "gs://";
constexpr std::string_view kData = "data:";
constexpr std::string_view kNoInput = "must be a string or an array of strings";

bool is_file(std::string_view input) {
    return input.starts_with(kStorage) || input.starts_with(kData);
}

bool is_video(std::string_view input) {
    constexpr std::array<std::string_view, 9> kEndings{".mp4", ".mov",    ".mpeg", ".mpg", ".avi",
                                                       ".wmv", ".mpegps", ".flv",  ".webm"};
    if (input.starts_with(kData)) return input.starts_with("data:video/");
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return input.ends_with(ending); });
}

/// A client's request with its inputs.
struct Client {
    json::value parsed;
    json::array inputs;
    const json::object& members() const { return parsed.get_object(); }
};

google::Result<Client> read_client(std::string_view client_json) {
    auto parsed = google::parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    Client client{std::move(*parsed), {}};
    const auto* input = find(client.members(), "input");
    if (!input) return bad_request("input", std::string(kNoInput));
    if (const auto* list = input->if_array()) {
        client.inputs = *list;
    } else {
        client.inputs.push_back(*input);
    }
    const bool texts = std::all_of(client.inputs.begin(), client.inputs.end(),
                                   [](const json::value& value) { return value.is_string(); });
    if (!texts || client.inputs.empty()) return bad_request("input", std::string(kNoInput));
    return client;
}

/// {"gcsUri"} or {"bytesBase64Encoded"}.
google::Result<json::object> file_of(std::string_view input, std::size_t number) {
    if (input.starts_with(kStorage)) return json::object{{"gcsUri", input}};
    constexpr std::string_view kBase64 = ";base64,";
    const auto at = input.find(kBase64);
    if (at == std::string_view::npos) {
        return bad_request("input[" + std::to_string(number) + "]", "a data URL must hold base64");
    }
    return json::object{{"bytesBase64Encoded", input.substr(at + kBase64.size())}};
}

json::object embedding(std::size_t index, const json::array& values) {
    return {{"object", "embedding"}, {"index", index}, {"embedding", values}};
}

void add_values(const json::value* values, json::array& data) {
    const auto* list = values ? values->if_array() : nullptr;
    if (list) data.emplace_back(embedding(data.size(), *list));
}

}  // namespace

EmbeddingForm embedding_form(std::string_view model) {
    if (model.find("multimodalembedding") != std::string_view::npos) return EmbeddingForm::media;
    return model.starts_with("gemini-embedding-2") ? EmbeddingForm::content : EmbeddingForm::texts;
}

std::string_view embedding_verb(EmbeddingForm form) {
    return form == EmbeddingForm::content ? "embedContent" : "predict";
}

google::Result<EmbeddingsCall> media_request(std::string_view client_json) {
    const auto client = read_client(client_json);
    if (!client) return client.error();
    EmbeddingsCall call;
    json::array instances;
    bool text_waits = false;
    for (const auto& value : client->inputs) {
        const auto input = google::view(value.get_string());
        const auto number = call.inputs++;
        if (!is_file(input)) {
            instances.emplace_back(json::object{{"text", input}});
            call.characters += google::characters(input);
            text_waits = true;
            continue;
        }
        auto file = file_of(input, number);
        if (!file) return file.error();
        if (!std::exchange(text_waits, false)) instances.emplace_back(json::object());
        const bool video = is_video(input);
        ++(video ? call.videos : call.pictures);
        instances.back().get_object()[video ? "video" : "image"] = std::move(*file);
    }
    json::object body{{"instances", std::move(instances)}};
    if (const auto* dimensions = find(client->members(), "dimensions")) {
        body["parameters"] = json::object{{"dimension", *dimensions}};
    }
    call.body = google::to_text(body);
    return call;
}

google::Result<Embeddings> media_answer(std::string_view response_json, std::string_view model,
                                        const EmbeddingsCall& call) {
    const auto parsed = google::parse_json(response_json);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    const auto* predictions = response ? find_array(*response, "predictions") : nullptr;
    json::array data;
    for (const auto& value : predictions ? *predictions : json::array()) {
        const auto* prediction = value.if_object();
        if (!prediction) continue;
        add_values(find(*prediction, "textEmbedding"), data);
        add_values(find(*prediction, "imageEmbedding"), data);
        const auto* videos = find_array(*prediction, "videoEmbeddings");
        for (const auto& part : videos ? *videos : json::array()) {
            const auto* object = part.if_object();
            if (object) add_values(find(*object, "embedding"), data);
        }
    }
    if (data.size() < call.inputs || (call.videos == 0 && data.size() != call.inputs)) {
        return google::unreadable("it does not hold an embedding for each input");
    }
    json::object details;
    if (call.characters > 0) details["character_count"] = call.characters;
    if (call.pictures > 0) details["image_count"] = call.pictures;
    if (call.videos == 0) details["video_length_seconds"] = 0;
    Embeddings made;
    made.json = google::to_text(json::object{{"object", "list"},
                                             {"data", std::move(data)},
                                             {"model", model},
                                             {"usage",
                                              {{"prompt_tokens", 0},
                                               {"total_tokens", 0},
                                               {"prompt_tokens_details", std::move(details)}}}});
    return made;
}

google::Result<EmbeddingsCall> content_request(std::string_view client_json) {
    const auto client = read_client(client_json);
    if (!client) return client.error();
    if (client->inputs.size() != 1) {
        return bad_request("input",
                           "the model makes one embedding of a request: one input, please");
    }
    const auto input = google::view(client->inputs.front().get_string());
    json::object part{{"text", input}};
    if (is_file(input)) {
        auto file = google::media_part(input, {}, "input");
        if (!file) return file.error();
        part = std::move(*file);
    }
    json::object body{{"content", {{"parts", json::array{std::move(part)}}}}};
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMembers{
        {{"dimensions", "outputDimensionality"}, {"task_type", "taskType"}, {"title", "title"}}};
    for (const auto& [from, to] : kMembers) {
        if (const auto* given = find(client->members(), from)) body[to] = *given;
    }
    EmbeddingsCall call;
    call.inputs = 1;
    call.body = google::to_text(body);
    return call;
}

google::Result<Embeddings> content_answer(std::string_view response_json, std::string_view model) {
    const auto parsed = google::parse_json(response_json);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    const auto* told = response ? find_object(*response, "embedding") : nullptr;
    const auto* values = told ? find_array(*told, "values") : nullptr;
    if (!values) return google::unreadable("it holds no embedding");
    const auto* usage = find_object(*response, "usageMetadata");
    Embeddings made;
    made.tokens = usage ? google::count(*usage, "promptTokenCount") : 0;
    made.json = google::to_text(
        json::object{{"object", "list"},
                     {"data", json::array{embedding(0, *values)}},
                     {"model", model},
                     {"usage", {{"prompt_tokens", made.tokens}, {"total_tokens", made.tokens}}}});
    return made;
}

}  // namespace patchbay::vertex_ai
