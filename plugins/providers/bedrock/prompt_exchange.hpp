// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion by InvokeModel of a family that takes a prompt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/chat_writer.hpp"
#include "chat/think_tags.hpp"
#include "prompt_answer.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class PromptExchange : public SignedExchange {
  public:
    PromptExchange(const Shared* shared, std::string_view request_id) : SignedExchange(shared) {
        head_.id = std::string("chatcmpl-").append(request_id);
    }

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    bay_status whole(const bay_ev_http& done, bay::Out out);
    bay_status stream_over(bay::Out out);
    bay_status say(const shared::Thought& said, bay::Out out);
    bay_status send(bay::Out out);
    bay_status refuse(Failure failure, bay::Out out);

    const PromptForm* form_ = nullptr;
    shared::ChatHead head_;
    std::optional<shared::ChunkWriter> writer_;  ///< of a stream that comes as one
    shared::ThinkTags tags_;
    std::vector<std::string> chunks_;
    std::string reason_;
    Tokens tokens_;
    bool as_stream_ = false;  ///< the client's, from a whole answer
    bool want_usage_ = false;
    bool over_ = false;  ///< the answer is whole
    bool failed_ = false;
};

}  // namespace patchbay::bedrock
