// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion of Claude's: Anthropic's Messages API, with the model in the
// address.
#pragma once

#include <string>

#include "anthropic/chat_exchange.hpp"
#include "authorized.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class ClaudeExchange : public Authorized {
  public:
    ClaudeExchange(const Shared* shared, std::string_view request_id)
        : Authorized(shared),
          machine_(anthropic::Opening{std::string(request_id), 0, "Google", "vertex_ai",
                                      "chatcmpl-", false}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.on_http_frame(frame, out);
    }

  private:
    std::string url() override {
        return deployment().url(streamed_ ? "streamRawPredict" : "rawPredict");
    }
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return machine_.on_http_done(done, out);
    }

    anthropic::ChatExchange machine_;
    std::string body_;
    std::string betas_;  ///< features, as anthropic-beta names them
    bool streamed_ = false;
};

/// Adds the features that Vertex AI wants to be named for tools that Anthropic runs: elsewhere their type is
/// enough. `messages_request` is looked through, not read. Pure.
void add_features_of_tools(std::string_view messages_request, anthropic::Betas& betas);

/// Of the Messages API at Vertex AI, which stands in the body there.
inline constexpr std::string_view kClaudeVersion = "vertex-2023-10-16";

/// A request of the Messages API as Vertex AI takes it: without the model, with the version of the
/// API. Pure.
std::string claude_body(std::string_view messages_request);

}  // namespace patchbay::vertex_ai
