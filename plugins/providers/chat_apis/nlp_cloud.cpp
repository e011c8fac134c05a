// SPDX-License-Identifier: Apache-2.0
#include "nlp_cloud.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/percent.hpp"
#include "prompt_shared/prompt.hpp"

namespace patchbay::chat_apis {

namespace json = boost::json;
using openai::Param;

namespace {

class NlpCloudReader : public TextReader {
  public:
    using TextReader::TextReader;

    bool is_whole(const json::object& document) const override {
        return shared::find(document, "generated_text") != nullptr;
    }
    openai::Read<json::object> whole(const json::object& document) override {
        const json::value* text = shared::find(document, "generated_text");
        if (text == nullptr || !text->is_string()) {
            return openai::unreadable("NLP Cloud", "there is no generated_text");
        }
        return answer(text->get_string(), shared::count(document, "nb_input_tokens"),
                      shared::count(document, "nb_generated_tokens"));
    }
};

}  // namespace

openai::Dialect nlp_cloud_dialect() {
    openai::Dialect dialect;
    dialect.provider = "nlp_cloud";
    dialect.base_url = "https://api.nlpcloud.io";
    dialect.key_names = {"NLP_CLOUD_API_KEY"};
    dialect.bearer = false;
    dialect.headers = {{"authorization", "Token {api_key}"}};
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS}};
    dialect.supported = {Param::stream,     Param::temperature,           Param::top_p,
                         Param::max_tokens, Param::max_completion_tokens, Param::stop,
                         Param::n,          Param::presence_penalty,      Param::frequency_penalty};
    dialect.renames = {{"max_completion_tokens", "max_length"},
                       {"max_tokens", "max_length"},
                       {"stop", "stop_sequences"},
                       {"n", "num_return_sequences"}};
    dialect.stream_options = false;
    return dialect;
}

std::string nlp_cloud_url(std::string_view base, std::string_view model) {
    std::string path("/v1/gpu/");
    path.append(bay::percent_encoded(model)).append("/generation");
    base = openai::without_endings(base, {path, "/v1/gpu", "/v1"});
    return std::string(base).append(path);
}

openai::Written<openai::Translated> NlpCloudExchange::translate(const bay_ev_request& request,
                                                                std::string_view address) const {
    const std::string_view model = bay::sv(request.target->model);
    auto prompt = prompt::prompt_of(request, model);
    if (!prompt) return prompt.error();
    openai::Translated made;
    auto body = prompt::parameters_of(request, dialect_, made.dropped);
    if (!body) return body.error();
    prompt::make_list(*body, "stop_sequences");
    (*body)["text"] = std::move(*prompt);
    if (streamed_) (*body)["stream"] = true;
    made.url = nlp_cloud_url(address, model);
    made.body = shared::to_text(*body);
    made.reader = std::make_unique<NlpCloudReader>(model);
    return made;
}

}  // namespace patchbay::chat_apis
