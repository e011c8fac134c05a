// SPDX-License-Identifier: Apache-2.0
// The provider "triton": models of an NVIDIA Triton Inference Server of one's own.
#include <memory>
#include <patchbay/sdk.hpp>

#include <boost/json.hpp>

#include "infer.hpp"
#include "json/access.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/prompt.hpp"

namespace patchbay::triton {

namespace {

namespace json = boost::json;
using openai::Dialect;
using openai::Param;

Dialect own_dialect() {
    Dialect dialect;
    dialect.provider = "triton";
    dialect.key_optional = true;
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS},
                          {BAY_OP_EMBEDDINGS, {}, {"dimensions", "encoding_format", "user"}}};
    dialect.supported = {Param::stream, Param::max_tokens, Param::max_completion_tokens};
    dialect.renames = {{"max_completion_tokens", "max_tokens"}};
    dialect.stream_options = false;
    return dialect;
}

json::object object_of(std::string_view text) {
    auto parsed = shared::parse_json(text);
    return parsed && parsed->is_object() ? std::move(parsed->get_object()) : json::object();
}

class ChatExchange : public openai::TranslatedExchange {
  public:
    explicit ChatExchange(const Dialect* dialect) : TranslatedExchange(*dialect, BAY_DECODE_SSE) {}

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override {
        const std::string_view model = bay::sv(request.target->model);
        auto prompt = prompt::prompt_of(request, model);
        if (!prompt) return prompt.error();
        openai::Translated made;
        auto parameters = prompt::parameters_of(request, dialect_, made.dropped);
        if (!parameters) return parameters.error();
        const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
        const Api api = api_of(address);
        made.url = url_of(address, model, api, streamed);
        made.body = shared::to_text(
            api == Api::infer
                ? infer_body(std::move(*prompt), std::move(*parameters))
                : generate_body(std::move(*prompt), std::move(*parameters), streamed));
        made.reader = std::make_unique<TextReader>(model);
        return made;
    }
};

class EmbeddingsExchange : public openai::TranslatedExchange {
  public:
    explicit EmbeddingsExchange(const Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_BUFFER) {}

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override {
        const std::string_view model = bay::sv(request.target->model);
        const json::object client = object_of(bay::sv(request.json));
        auto body = embeddings_body(&client);
        if (!body) return body.error();
        openai::Unsupported unsupported(request, dialect_, dialect_.find(BAY_OP_EMBEDDINGS));
        for (const auto& member : client) {
            unsupported.leaves_out(member.key(), shared::to_text(member.value()));
        }
        if (auto refusal = unsupported.refusal()) return *refusal;
        return openai::Translated{url_of(address, model, Api::infer, false), shared::to_text(*body),
                                  std::make_unique<EmbeddingsReader>(model), unsupported.dropped()};
    }
};

constexpr bay::Operation<const Dialect*> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {BAY_OP_EMBEDDINGS, bay::make_machine<EmbeddingsExchange>},
};

class Triton : public bay::Provider {
  public:
    static constexpr char id[] = "triton";

    Triton(std::string_view, bay::Diag&) : dialect_(own_dialect()) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Dialect*>>(kOperations, &dialect_, id);
    }

  private:
    Dialect dialect_;
};

}  // namespace

}  // namespace patchbay::triton

BAY_PLUGIN(bay::Providers<patchbay::triton::Triton>)
