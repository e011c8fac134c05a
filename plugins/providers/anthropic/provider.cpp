// SPDX-License-Identifier: Apache-2.0
// The component "anthropic": chat completions by way of Anthropic's Messages API, and that API
// itself.
#include <patchbay/sdk.hpp>

#include "chat/count_tokens.hpp"
#include "chat_exchange.hpp"
#include "count_exchange.hpp"
#include "json.hpp"
#include "messages_exchange.hpp"

namespace patchbay::anthropic {

namespace {

using Made = std::unique_ptr<bay::Exchange>;

constexpr bay::Operation<Opening> kOperations[] = {
    {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<ChatExchange>},
    {shared::kCountChat, bay::make_machine<CountExchange>},
    {BAY_OP_MESSAGES,
     [](const Opening&, std::string_view) -> Made {
         return std::make_unique<MessagesExchange>("");
     }},
    {BAY_OP_MESSAGES_COUNT_TOKENS,
     [](const Opening&, std::string_view) -> Made {
         return std::make_unique<MessagesExchange>("/count_tokens");
     }},
};

struct Anthropic : bay::Provider {
    static constexpr char id[] = "anthropic";

    Anthropic(std::string_view config, bay::Diag& diag) {
        const auto parsed = parse_json(config.empty() ? "{}" : config);
        if (!parsed || !parsed->is_object()) {
            diag.error("", "must be a JSON object");
            return;
        }
        default_max_tokens_ = count(parsed->get_object(), "default_max_tokens");
    }

    Made open(const bay_open_info& info) override {
        return std::make_unique<bay::ByOperation<Opening>>(
            kOperations, Opening{std::string(bay::sv(info.request_id)), default_max_tokens_}, id);
    }

  private:
    std::uint64_t default_max_tokens_ = 0;
};

}  // namespace

}  // namespace patchbay::anthropic

BAY_PLUGIN(bay::Providers<patchbay::anthropic::Anthropic>)
