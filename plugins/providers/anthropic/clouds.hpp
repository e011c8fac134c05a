// SPDX-License-Identifier: Apache-2.0
// What clouds that serve Claude do not take of Anthropic's API, though clients that speak it send it:
// features that they do not know ("invalid beta flag"), and marks for the cache and names that they
// refuse as extra inputs. Amazon Bedrock, "Anthropic Claude Messages API" and "Structured outputs for
// Anthropic Claude models"; Google, "Structured outputs with Anthropic Claude models"; Anthropic,
// "Prompt caching".
#pragma once

#include <cstdint>
#include <string_view>

#include "betas.hpp"
#include "json.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::anthropic {

enum class Cloud : std::uint8_t { bedrock_invoke, bedrock_converse, vertex_ai };

/// The features of `wanted` by the names that the cloud has for them; what it does not know is left
/// out and noted. Those that the deployment's settings name, `operators`, go as they are: the list of
/// what is known may be older than the cloud. `body`: the request, as text: what stands for several
/// features is what it uses. Pure.
Betas betas_at(Cloud cloud, const Betas& wanted, const Betas& operators, std::string_view body,
               bay::Dropped& dropped);

/// The same of those that the client's headers and the deployment's settings name.
Betas betas_at(Cloud cloud, const bay_ev_request& request, const json::object& settings,
               bay::Dropped& dropped);

/// A request of the Messages API with marks for the cache as the clouds take them: that of the whole
/// request (`cache_control` beside `messages`) stands on the last block, where Anthropic's own API
/// puts it, unless four marks are there already; `scope` of a mark is left out. `output_format`
/// becomes `output_config.format`, as structured outputs are asked for there.
void fit_body(json::object& body);
/// The same for a client's bytes, of which only members that change are read; thoughts that nobody
/// signed are left out of them as well (unsigned_thoughts.hpp). `text`: all of them.
void fit_body(std::string_view text, bay::Splice& body);

}  // namespace patchbay::anthropic
