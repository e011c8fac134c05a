// SPDX-License-Identifier: Apache-2.0
// What InvokeModel puts around a family's own answer.
#pragma once

#include <cstdint>
#include <optional>
#include <patchbay/exchange.h>
#include <string>
#include <string_view>

namespace patchbay::bedrock {

inline constexpr std::string_view kInvoke = "invoke";
inline constexpr std::string_view kInvokeStream = "invoke-with-response-stream";

/// Counts of tokens, in the last chunk of every family's stream.
inline constexpr std::string_view kMetrics = "amazon-bedrock-invocationMetrics";

/// What a chunk of InvokeModelWithResponseStream holds; nothing if it is none.
std::optional<std::string> chunk_bytes(std::string_view payload);

/// The tokens that the headers of an answer tell; 0 if they tell none.
std::uint64_t tokens_read(const bay_ev_http& done);
std::uint64_t tokens_written(const bay_ev_http& done);

}  // namespace patchbay::bedrock
