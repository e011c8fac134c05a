// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion whose tokens are counted: what would be sent, at count_tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "chat_exchange.hpp"
#include "failure/passed_answer.hpp"
#include "messages_api.hpp"

namespace patchbay::anthropic {

/// What count_tokens takes of a request of the Messages API, which refuses the rest. Empty if it is no
/// JSON object. Pure.
std::string counted_body(std::string_view messages_request);

/// [exchange]
class CountExchange : public bay::Exchange {
  public:
    explicit CountExchange(const Opening& opening)
        : chat_(opening), answer_(kMessagesApi, opening.whose, false) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_.head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_.frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return answer_.done(done, out);
    }

  private:
    ChatExchange chat_;  ///< translates
    shared::PassedAnswer answer_;
};

}  // namespace patchbay::anthropic
