// The machines of Claude at Azure, by Anthropic's Messages API at an address of Azure AI Foundry's: a chat
// completion, the count of its tokens, and a request of that API itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/chat_exchange.hpp"
#include "anthropic/messages_api.hpp"
#include "claude_call.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::azure {

/// [exchange]
class ClaudeExchange : public ClaudeCall {
  public:
    ClaudeExchange(const Shared& shared, std::string_view request_id)
        : ClaudeCall(shared),
          machine_(anthropic::Opening{std::string(request_id), 0, "Azure", "azure_ai"}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.on_http_frame(frame, out);
    }

  private:
    void write(bay::HttpRequest& call) override { call.body_view(body_); }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return machine_.on_http_done(done, out);
    }

    anthropic::ChatExchange machine_;
    std::string body_;
};

/// [exchange] Of a chat completion whose tokens are counted.
class ClaudeCountExchange : public ClaudeCall {
  public:
    ClaudeCountExchange(const Shared& shared, std::string_view request_id)
        : ClaudeCall(shared, "/count_tokens"),
          chat_(anthropic::Opening{std::string(request_id), 0, "Azure", "azure_ai"}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_.head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_.frame(frame, out);
    }

  private:
    void write(bay::HttpRequest& call) override { call.body_view(body_); }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return answer_.done(done, out);
    }

    anthropic::ChatExchange chat_;  ///< translates
    shared::PassedAnswer answer_{anthropic::kMessagesApi, "Azure", false};
    std::string body_;
};

/// [exchange] The client's bytes with the upstream's model in place, and the answer as it comes.
class ClaudeMessagesExchange : public ClaudeCall {
  public:
    /// `path` stands behind ".../v1/messages"; static.
    ClaudeMessagesExchange(const Shared& shared, std::string_view path)
        : ClaudeCall(shared, path) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_->head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_->frame(frame, out);
    }

  private:
    void write(bay::HttpRequest& call) override { call.body(segments_); }
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return answer_->done(done, out);
    }

    std::optional<shared::PassedAnswer> answer_;  ///< from on_request() on
    std::optional<bay::Splice> body_;             ///< the segments point into it
    std::vector<bay_seg> segments_;
};

}  // namespace patchbay::azure
