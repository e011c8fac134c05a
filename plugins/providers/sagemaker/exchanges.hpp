// SPDX-License-Identifier: Apache-2.0
// The machines of requests to an endpoint: chat in OpenAI's words, a text that is continued, and
// embeddings. Their calls are signed, and their streams come in parts (payload.hpp).
#pragma once

#include <optional>

#include "endpoint.hpp"
#include "openai_shared/chat_exchange.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "payload.hpp"

namespace patchbay::sagemaker {

/// What a machine is made of; the instance's.
struct Opening {
    const Shared* shared;
    const openai::Dialect* dialect;
};

/// sagemaker_chat: containers with OpenAI's chat API. [exchange]
class ChatExchange : public openai::ChatExchange {
  public:
    explicit ChatExchange(const Opening& opening);

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bay_status end(const shared::Failure& failure, bay::Out out);

    const Shared& shared_;
    aws::SignedCall call_;
    Payload payload_;
};

/// sagemaker: containers with the API of Text Generation Inference, and embeddings. [exchange]
class OwnExchange : public openai::TranslatedExchange {
  public:
    explicit OwnExchange(const Opening& opening);

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
    bay_status start(const bay_ev_request& request, bay::Out out) override;
    bool renews(const bay_ev_http& done, bay::Out out) override { return call_.renews(done, out); }

  private:
    const Shared& shared_;
    aws::SignedCall call_;
    Payload payload_;
};

}  // namespace patchbay::sagemaker
