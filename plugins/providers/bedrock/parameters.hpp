// SPDX-License-Identifier: Apache-2.0
// Which parameters Converse has, and what becomes of the others.
#pragma once

#include <string_view>

#include "anthropic/betas.hpp"
#include "anthropic/thinking.hpp"
#include "json.hpp"
#include "model.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::bedrock {

/// How the host wants a request to be translated. Views live as long as the call that got them.
struct RequestOptions {
    const Model* model = nullptr;
    std::string_view asked;           ///< the model as the deployment names it, for error texts
    bool drop_params = false;         ///< leave out what is not supported instead of failing
    std::string_view allowed_params;  ///< comma separated: sent although not supported
    std::string_view hint_params;     ///< likewise: left out where not supported
    anthropic::Betas betas{};         ///< of Claude's: features that were named beside the body
    /// The deployment's cache_control_injection_points, or nullptr.
    const json::array* cache_points = nullptr;
};

/// What became of a request's parameters.
struct Settled {
    anthropic::Thinking thinking;  ///< of Claude; else nothing
    bay::Dropped dropped;          ///< left out, or changed, although they said something
};

/// Makes `client` a set of parameters that the model takes. What it does not take is left out with
/// drop_params or as a hint, or if it says nothing; else this fails with BAY_ERR_UNSUPPORTED and names
/// all such parameters. For Claude the rules of its own API hold too (anthropic/parameter_rules.hpp).
Result<Settled> settle_parameters(json::object& client, const RequestOptions& options);

/// The word of `reasoning_effort`, which may be an object with `effort`; empty if there is none.
std::string_view effort_word(const json::object& client);

/// The same for models that think by effort, also of LiteLLM's `thinking`, which wins: a budget is the
/// lowest effort that LiteLLM gives it to, no more than high.
std::string_view asked_effort(const json::object& client);

}  // namespace patchbay::bedrock
