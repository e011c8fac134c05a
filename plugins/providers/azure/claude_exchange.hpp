// The machine of one chat completion of a Claude model at Azure: Anthropic's Messages API, at an
// address of Azure AI Foundry's.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anthropic/chat_exchange.hpp"
#include "sites.hpp"

namespace patchbay::azure {

/// [exchange]
class ClaudeExchange : public bay::Exchange {
  public:
    /// `shared` must outlive it (it is the instance's).
    ClaudeExchange(const Shared& shared, std::string_view request_id)
        : shared_(shared),
          machine_(anthropic::Opening{std::string(request_id), 0, "Azure", "azure_ai"}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.on_http_frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bay_status send(bay::Out out);

    const Shared& shared_;
    anthropic::ChatExchange machine_;
    shared::Access access_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string url_, body_;
    bool streamed_ = false;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::azure
