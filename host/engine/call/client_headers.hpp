// Which of a client's headers a provider plugin may see.
#pragma once

#include <span>
#include <vector>

#include "engine/surface/caller.hpp"
#include "engine/surface/operation.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// Views into the caller's. As LiteLLM: the headers with which SDKs switch features on at a
/// provider, and with `forward_all` (general_settings.forward_client_headers_to_llm_api) also those
/// that begin with "x-". Never a key, under whatever name, a cookie, or what is meant for the gateway. A header that
/// came several times is in the list several times; of all together not more than kMost.
class ClientHeaders {
  public:
    static constexpr std::size_t kMost = 64;

    /// `anthropic_beta`: what the body says of it (Ask::anthropic_beta). `key_header`: where clients send the gateway's
    /// key, besides the usual headers (general_settings.litellm_key_header_name); empty: nowhere.
    ClientHeaders(const Caller& caller, const Operation& operation, bool forward_all,
                  std::string_view anthropic_beta = {}, std::string_view key_header = {});
    std::span<const bay_kv> list() const { return list_; }

  private:
    void add(std::string_view name, std::string_view value);
    std::vector<bay_kv> list_;
};

}  // namespace patchbay
