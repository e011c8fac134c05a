// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion, by way of generateContent.
#pragma once

#include "google/chat_machine.hpp"
#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class ChatExchange : public bay::Exchange {
  public:
    explicit ChatExchange(const Opening& opening) : machine_(opening.request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        return ask(machine_, request, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return machine_.done(done, out);
    }

  private:
    google::ChatMachine machine_;
};

}  // namespace patchbay::gemini
