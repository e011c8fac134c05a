// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion of Claude's at Snowflake: Anthropic's Messages API with
// Snowflake's address and key.
#pragma once

#include <string>

#include "anthropic/chat_exchange.hpp"

namespace patchbay::snowflake {

/// [exchange]
class ClaudeExchange : public bay::Exchange {
  public:
    explicit ClaudeExchange(std::string_view request_id) : machine_(opening(request_id)) {}

    /// `request` has its address and, among its headers, the kind of its key.
    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return machine_.on_http_frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return machine_.on_http_done(done, out);
    }

  private:
    // Cortex bounds answers below what the models can; 4,096 is what it documents as its default.
    static constexpr std::uint64_t kUsualMaxTokens = 4096;

    /// What LiteLLM does not send Cortex is lacked.
    static anthropic::Opening opening(std::string_view request_id) {
        anthropic::Opening made{std::string(request_id), kUsualMaxTokens, "Snowflake", "snowflake",
                                ""};
        made.lacks = "parallel_tool_calls,response_format,stop,user";
        return made;
    }

    anthropic::ChatExchange machine_;
    std::string body_;
};

}  // namespace patchbay::snowflake
