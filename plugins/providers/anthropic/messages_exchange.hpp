// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Anthropic's own API: the client's bytes with the upstream's model
// in place and without thoughts that nobody signed, and the answer as it comes. Nothing is translated,
// and nothing added: what is missing is Anthropic's to refuse.
#pragma once

#include <optional>
#include <string_view>

#include "messages_api.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::anthropic {

/// [exchange]
class MessagesExchange : public bay::Exchange {
  public:
    /// `path` stands behind ".../v1/messages"; static.
    explicit MessagesExchange(std::string_view path) : path_(path) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_->head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_->frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return answer_->done(done, out);
    }

  private:
    std::string_view path_;
    std::optional<shared::PassedAnswer> answer_;  ///< from on_request() on
};

}  // namespace patchbay::anthropic
