// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion of a Gemini model.
#pragma once

#include "authorized.hpp"
#include "google/chat_machine.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class ChatExchange : public Authorized {
  public:
    ChatExchange(const Shared* shared, std::string_view request_id)
        : Authorized(shared), machine_(request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.frame(frame, out);
    }

  private:
    std::string url() override { return deployment().url(machine_.method()); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override {
        return machine_.send(call, out);
    }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return machine_.done(done, out);
    }

    google::ChatMachine machine_;
};

}  // namespace patchbay::vertex_ai
