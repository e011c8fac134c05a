// SPDX-License-Identifier: Apache-2.0
#include "prediction.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "prompt_shared/prompt.hpp"

namespace patchbay::replicate {

namespace json = boost::json;
using openai::Param;

namespace {

/// The elements of a list that may not be there.
const json::array& elements(const json::array* list) {
    static const json::array none;
    return list != nullptr ? *list : none;
}

constexpr std::size_t kVersionDigits = 64;

json::object object_of(std::string_view text) {
    auto parsed = shared::parse_json(text);
    return parsed && parsed->is_object() ? std::move(parsed->get_object()) : json::object();
}

/// Its inputs are plain: stop sequences stand in one text, with commas between them.
void join_stops(json::object& input) {
    json::value* stop = shared::find(input, "stop_sequences");
    const json::array* list = stop != nullptr ? stop->if_array() : nullptr;
    if (list == nullptr) return;
    std::string joined;
    for (const json::value& one : *list) {
        if (!one.is_string()) continue;
        if (!joined.empty()) joined += ',';
        joined += std::string_view(one.get_string());
    }
    *stop = joined;
}

std::string text_of(const json::value* output) {
    if (output == nullptr) return {};
    if (output->is_string()) return std::string(std::string_view(output->get_string()));
    std::string joined;
    const json::array* pieces = output->if_array();
    for (const json::value& piece : elements(pieces)) {
        if (piece.is_string()) joined += std::string_view(piece.get_string());
    }
    return joined;
}

}  // namespace

Target target_of(std::string_view base, std::string_view model) {
    constexpr std::string_view kDeployments = "deployments/";
    Target made;
    std::string path;
    const auto colon = model.rfind(':');
    if (colon != std::string_view::npos && model.size() - colon - 1 == kVersionDigits) {
        made.version = model.substr(colon + 1);
    } else {
        path = model.starts_with(kDeployments) ? "/" : "/models/";
        path += bay::percent_encoded(model, "/");
    }
    base = openai::without_endings(base, {"/predictions"});
    made.root = path.empty() ? base : openai::without_endings(base, {path});
    made.url = made.root + path + "/predictions";
    return made;
}

openai::Dialect own_dialect() {
    openai::Dialect dialect;
    dialect.provider = "replicate";
    dialect.base_url = "https://api.replicate.com/v1";
    dialect.key_names = {"REPLICATE_API_KEY", "REPLICATE_API_TOKEN"};
    dialect.bearer = false;
    dialect.headers = {{"authorization", "Token {api_key}"}};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}};
    dialect.supported = {Param::stream,     Param::temperature,           Param::top_p, Param::stop,
                         Param::max_tokens, Param::max_completion_tokens, Param::seed};
    dialect.renames = {{"max_completion_tokens", "max_new_tokens"},
                       {"max_tokens", "max_new_tokens"},
                       {"stop", "stop_sequences"}};
    dialect.stream_options = false;
    return dialect;
}

openai::Written<std::string> write_prediction(const bay_ev_request& request,
                                              const openai::Dialect& dialect, const Target& target,
                                              bay::Dropped& dropped) {
    auto prompt = prompt::prompt_of(request, bay::sv(request.target->model));
    if (!prompt) return prompt.error();
    auto input = prompt::parameters_of(request, dialect, dropped);
    if (!input) return input.error();
    join_stops(*input);
    (*input)["prompt"] = std::move(*prompt);
    json::object body;
    if (!target.version.empty()) body["version"] = target.version;
    body["input"] = std::move(*input);
    return shared::to_text(body);
}

std::optional<Prediction> read_prediction(std::string_view text) {
    const json::object told = object_of(text);
    Prediction made;
    made.id = shared::text(told, "id");
    const std::string_view status = shared::text(told, "status");
    if (made.id.empty() || status.empty()) return std::nullopt;
    made.over = status != "starting" && status != "processing";
    made.output = text_of(shared::find(told, "output"));
    const json::object* metrics = shared::find_object(told, "metrics");
    made.read = shared::count(metrics, "input_token_count");
    made.written = shared::count(metrics, "output_token_count");
    if (made.over && status != "succeeded") {
        made.failure = std::string("the prediction has ");
        made.failure.append(status == "failed" ? "failed" : "been given up: ");
        if (status != "failed") made.failure.append(status);
        const std::string_view why = shared::text(told, "error");
        if (!why.empty()) made.failure.append(": ").append(why);
    }
    return made;
}

std::uint32_t pause_ms(std::uint32_t asked) {
    constexpr std::uint32_t kShort = 500;  // LiteLLM's
    constexpr std::uint32_t kLong = 10'000;
    constexpr std::uint32_t kOften = 20;
    if (asked <= kOften) return kShort;
    return std::min(kLong, kShort * (asked - kOften + 1));
}

}  // namespace patchbay::replicate
