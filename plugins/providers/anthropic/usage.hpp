// SPDX-License-Identifier: Apache-2.0
// Token counts: Anthropic's `usage` to OpenAI's and to the host's.
#pragma once

#include <cstdint>
#include <optional>
#include <patchbay/provider.h>
#include <string>

#include "json.hpp"

namespace patchbay::anthropic {

/// Counts of one answer. Anthropic's input_tokens leaves the cached ones out; OpenAI's
/// prompt_tokens, LiteLLM's and the host's input_tokens hold them all.
class Usage {
  public:
    /// Takes over what `usage` states. In a stream the counts come twice, and the later ones hold:
    /// compatible servers begin with an estimate. Some give 0 in one of the two places, which says
    /// nothing.
    void merge(const json::object& usage);

    /// The answer holds thoughts. How many of its tokens they took is known only if it is stated;
    /// without thoughts it is none.
    void saw_thought() { thought_ = true; }

    std::uint64_t prompt_tokens() const { return input_ + cache_write_ + cache_read_; }

    /// Without completion_tokens_details if there are thoughts and nobody counted their tokens.
    json::object to_openai() const;
    /// The text in it is a view into this.
    bay_usage to_host() const;

  private:
    std::uint64_t input_ = 0;
    std::uint64_t output_ = 0;
    std::uint64_t cache_write_ = 0;
    std::uint64_t cache_read_ = 0;
    std::uint64_t cache_write_5m_ = 0;
    std::uint64_t cache_write_1h_ = 0;
    std::uint64_t web_searches_ = 0;
    std::uint64_t web_fetches_ = 0;
    std::string service_tier_;                // that served the call; empty: not stated
    std::optional<std::uint64_t> reasoning_;  // part of output_; most models do not state it
    bool thought_ = false;
};

}  // namespace patchbay::anthropic
