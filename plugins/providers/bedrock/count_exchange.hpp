// SPDX-License-Identifier: Apache-2.0
// The machines of one count of tokens at Bedrock, by CountTokens: of a request of the Messages API to Claude,
// as InvokeModel would be sent it, and of a chat completion, as the model would be asked for that.
#pragma once

#include <string>
#include <string_view>

#include "anthropic/chat_exchange.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class CountExchange : public SignedExchange {
  public:
    explicit CountExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  protected:
    /// The last thing of on_request().
    bay_status count(std::string body, bay::Out out);

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
};

/// [exchange] Unsupported for models that are asked in a form of their own, which AWS does not count.
class ChatCountExchange : public CountExchange {
  public:
    ChatCountExchange(const Shared* shared, std::string_view request_id)
        : CountExchange(shared),
          claude_(anthropic::Opening{std::string(request_id), 0, "Bedrock", "bedrock", "chatcmpl-",
                                     false}) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    Result<std::string> written(const bay_ev_request& request, bay::Out out);
    Result<std::string> as_converse(const bay_ev_request& request, bay::Out out);

    anthropic::ChatExchange claude_;  ///< translates what InvokeModel would be sent
};

/// The body of CountTokens for a request of Anthropic's, which need not say `max_tokens`, as InvokeModel's
/// must. Empty if it is no JSON object. Pure.
std::string count_body(std::string_view messages_request);

/// The same for a request of Converse's: what the model reads of it, which is all that may stand there.
std::string count_body_of_converse(std::string_view converse_request);

}  // namespace patchbay::bedrock
