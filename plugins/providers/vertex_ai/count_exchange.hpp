// SPDX-License-Identifier: Apache-2.0
// The machines of one chat completion whose tokens are counted: a Gemini model's, and Claude's.
#pragma once

#include <string>

#include "anthropic/chat_exchange.hpp"
#include "anthropic/messages_api.hpp"
#include "authorized.hpp"
#include "failure/passed_answer.hpp"
#include "google/count_machine.hpp"

namespace patchbay::vertex_ai {

/// [exchange] By countTokens.
class CountExchange : public Authorized {
  public:
    explicit CountExchange(const Shared* shared) : Authorized(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    std::string url() override { return deployment().url(machine_.method()); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override {
        return machine_.send(call, out);
    }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return machine_.done(done, out);
    }

    google::CountMachine machine_{google::GeneratePass::Counted::beside};
};

/// [exchange] At Anthropic's counter, as MessagesExchange asks it.
class ClaudeCountExchange : public Authorized {
  public:
    ClaudeCountExchange(const Shared* shared, std::string_view request_id)
        : Authorized(shared),
          chat_(anthropic::Opening{std::string(request_id), 0, "Google", "vertex_ai", "chatcmpl-",
                                   false}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_.head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_.frame(frame, out);
    }

  private:
    std::string url() override { return deployment().counting_url(); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return answer_.done(done, out);
    }

    anthropic::ChatExchange chat_;  ///< translates
    shared::PassedAnswer answer_{anthropic::kMessagesApi, "Google", false};
    std::string body_;
    std::string betas_;  ///< features, as anthropic-beta names them
};

}  // namespace patchbay::vertex_ai
