// SPDX-License-Identifier: Apache-2.0
#include "infer.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::triton {

namespace json = boost::json;

namespace {

constexpr std::string_view kWhose = "Triton";
constexpr std::string_view kGenerate = "/generate";
constexpr std::string_view kStreamed = "/generate_stream";
constexpr std::string_view kInfer = "/infer";
// LiteLLM's, where the client does not say: the backends have none of their own.
constexpr std::uint64_t kUsualMaxTokens = 2000;
constexpr std::uint64_t kUsualInferTokens = 20;

json::object tensor(std::string_view name, std::string_view datatype, json::array data) {
    json::array shape;
    shape.emplace_back(data.size());
    return {{"name", name},
            {"shape", std::move(shape)},
            {"datatype", datatype},
            {"data", std::move(data)}};
}

/// "Tensor data types" of the protocol; empty for what is no scalar.
std::string_view datatype_of(const json::value& value) {
    if (value.is_bool()) return "BOOL";
    if (value.is_string()) return "BYTES";
    if (value.is_int64() || value.is_uint64()) return "INT32";
    return json_tree::is_number(value) ? "FP32" : "";
}

const json::object* first_output(const json::object& document) {
    const json::array* outputs = shared::find_array(document, "outputs");
    return outputs != nullptr && !outputs->empty() ? outputs->front().if_object() : nullptr;
}

}  // namespace

Api api_of(std::string_view address) {
    return openai::without_endings(address, {}).ends_with(kInfer) ? Api::infer : Api::generate;
}

std::string url_of(std::string_view address, std::string_view model, Api api, bool streamed) {
    const std::string_view last = api == Api::infer ? kInfer : streamed ? kStreamed : kGenerate;
    const std::string_view given = openai::without_endings(address, {});
    const std::string_view base = openai::without_endings(given, {kStreamed, kGenerate, kInfer});
    std::string url(base);
    if (base.size() == given.size()) {
        url.append("/v2/models/").append(bay::percent_encoded(model));
    }
    return url.append(last);
}

json::object generate_body(std::string prompt, json::object parameters, bool streamed) {
    parameters.emplace("max_tokens", kUsualMaxTokens);
    return {{"text_input", std::move(prompt)},
            {"parameters", std::move(parameters)},
            {"stream", streamed}};
}

json::object infer_body(std::string prompt, json::object parameters) {
    parameters.emplace("max_tokens", kUsualInferTokens);
    json::array inputs;
    json::array text;
    text.emplace_back(std::move(prompt));
    inputs.emplace_back(tensor("text_input", "BYTES", std::move(text)));
    for (const auto& parameter : parameters) {
        const std::string_view datatype = datatype_of(parameter.value());
        if (datatype.empty()) continue;
        json::array one;
        one.push_back(parameter.value());
        inputs.emplace_back(tensor(parameter.key(), datatype, std::move(one)));
    }
    json::object body;
    body["inputs"] = std::move(inputs);
    return body;
}

openai::Written<json::object> embeddings_body(const json::object* client) {
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    json::array inputs;
    inputs.emplace_back(tensor("input_text", "BYTES", std::move(*texts)));
    json::object body;
    body["inputs"] = std::move(inputs);
    return body;
}

bool TextReader::is_whole(const json::object& document) const {
    return shared::find_array(document, "outputs") != nullptr;
}

openai::Read<json::object> TextReader::whole(const json::object& document) {
    const json::value* text = shared::find(document, "text_output");
    const json::array* data = shared::find_array(first_output(document), "data");
    if (text == nullptr && data != nullptr && !data->empty()) text = &data->front();
    if (text == nullptr || !text->is_string()) {
        return openai::unreadable(kWhose, "there is no text_output");
    }
    return shared::whole_chat(
        writer_.head(), {{"role", "assistant"}, {"content", *text}}, "stop",
        {{"prompt_tokens", 0}, {"completion_tokens", 0}, {"total_tokens", 0}});
}

openai::Read<void> TextReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    const json::value* text = shared::find(document, "text_output");
    if (text == nullptr || !text->is_string()) {
        return openai::unreadable(kWhose, "an event has no text_output");
    }
    begun_ = true;
    writer_.text("content", std::string_view(text->get_string()), chunks);
    return {};
}

bool TextReader::ends(std::vector<std::string>& chunks) {
    if (begun_) writer_.finish("stop", chunks);
    return begun_;
}

openai::Read<json::object> EmbeddingsReader::whole(const json::object& document) {
    const json::object* output = first_output(document);
    const json::array* shape = shared::find_array(output, "shape");
    const json::array* numbers = shared::find_array(output, "data");
    const bool table = shape != nullptr && shape->size() == 2 && numbers != nullptr;
    const auto size_at = [&](std::size_t i) {
        boost::system::error_code error;
        const auto size = (*shape)[i].to_number<std::size_t>(error);
        return error ? 0 : size;
    };
    const std::size_t rows = table ? size_at(0) : 0;
    const std::size_t width = table ? size_at(1) : 0;
    if (rows == 0 || width == 0 || numbers->size() / width != rows ||
        numbers->size() % width != 0) {
        return openai::unreadable(kWhose, "there is no tensor of as many rows as its shape says");
    }
    json::array data;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto* first = numbers->data() + row * width;
        data.emplace_back(json::object{{"object", "embedding"},
                                       {"index", row},
                                       {"embedding", json::array(first, first + width)}});
    }
    return json::object{{"object", "list"},
                        {"model", model_},
                        {"data", std::move(data)},
                        {"usage", json::object{{"prompt_tokens", 0}, {"total_tokens", 0}}}};
}

}  // namespace patchbay::triton
