// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion of Claude's by way of InvokeModel: Anthropic's Messages API, with
// the model in the address and the events of a stream in chunks of base64.
#pragma once

#include <string>

#include "anthropic/chat_exchange.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class ClaudeExchange : public SignedExchange {
  public:
    ClaudeExchange(const Shared* shared, std::string_view request_id)
        : SignedExchange(shared),
          machine_(anthropic::Opening{std::string(request_id), 0, "Bedrock", "bedrock", "chatcmpl-",
                                      false}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    anthropic::ChatExchange machine_;
    bool failed_ = false;
};

/// Of the Messages API at Bedrock, which stands in the body there.
inline constexpr std::string_view kClaudeVersion = "bedrock-2023-05-31";

struct ClaudeCall {
    std::string body;
    Headers headers;
};

/// A request of the Messages API as Bedrock takes it: without the model and whether it is streamed, with
/// the version of the API and the features that are used. Pure.
ClaudeCall claude_call(std::string_view messages_request, const anthropic::Betas& betas);

}  // namespace patchbay::bedrock
