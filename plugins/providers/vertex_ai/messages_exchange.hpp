// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Anthropic's Messages API to Claude, or for its count of tokens: the client's
// bytes with what Vertex AI demands, and the answer as it comes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "anthropic/messages_api.hpp"
#include "authorized.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class MessagesExchange : public Authorized {
  public:
    enum class What { message, count };
    MessagesExchange(const Shared* shared, What what) : Authorized(shared), what_(what) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_->head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_->frame(frame, out);
    }

  private:
    std::string url() override;
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return answer_->done(done, out);
    }

    What what_;
    std::optional<shared::PassedAnswer> answer_;  ///< from on_request() on
    std::optional<bay::Splice> body_;             ///< the segments point into it
    std::vector<bay_seg> segments_;
    std::string betas_;  ///< features, as anthropic-beta names them
    bool streamed_ = false;
};

}  // namespace patchbay::vertex_ai
