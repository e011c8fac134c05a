// SPDX-License-Identifier: Apache-2.0
// `thinking` and `reasoning_effort`, and the max_tokens that go with them.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"
#include "params.hpp"

namespace patchbay::anthropic {

/// Anthropic's least budget ("Extended thinking").
inline constexpr std::uint64_t kLeastBudget = 1024;

/// How the model is to think.
struct Thinking {
    bool on = false;
    json::object setting;     ///< the body's `thinking`; empty: not sent
    std::string_view effort;  ///< for output_config.effort; empty: none
    std::uint64_t budget = 0;
};

/// From the client's `thinking`, which wins, or `reasoning_effort`, in the form that the model
/// takes: effort and adaptive thinking for the newer ones, a budget for the others. An effort is a
/// wish: its budget is made to fit the client's max_tokens, and there is no thinking where they
/// leave no room for the least budget, or where the last answer called tools and came back without
/// its thinking blocks. The client's own budget stays as it is, unless drop_params.
/// Fails on wrong shapes, and on an effort that the model has not.
Result<Thinking> plan_thinking(const json::object& client, const RequestOptions& options);

/// Why Anthropic would refuse the client's own `thinking`; empty if it would not.
std::string_view thinking_fault(const json::object& client, const RequestOptions& options);

/// Writes `thinking`, `output_config` and `max_tokens`. The client's max_tokens
/// (max_completion_tokens wins) is sent as it is. Without one the order is: the instance's
/// default_max_tokens, but at most what the model can, and above a thinking budget; that budget and
/// 4096 for the answer, as LiteLLM has it; what the model can; 4096 if that is unknown.
Result<void> apply_thinking(const Thinking& thinking, const json::object& client,
                            const RequestOptions& options, json::object& body);

}  // namespace patchbay::anthropic
