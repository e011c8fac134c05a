// SPDX-License-Identifier: Apache-2.0
// Which request parameters Anthropic has, and what becomes of the others.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// How the host wants a request to be translated. Views live as long as the call that got them.
struct RequestOptions {
    std::string_view provider = "anthropic";  ///< for error texts
    std::string_view model;                   ///< upstream model id
    bool stream = false;
    bool drop_params = false;              ///< drop what is not supported instead of failing
    std::string_view allowed_params;       ///< comma separated: passed on although not supported
    std::string_view hint_params;          ///< likewise: left out where not supported
    std::uint64_t default_max_tokens = 0;  ///< of the instance; 0: not set
    std::uint64_t max_output_tokens = 0;   ///< what the model can; 0: unknown
    /// The deployment's cache_control_injection_points, or nullptr.
    const json::array* cache_points = nullptr;
    /// The feature interleaved-thinking was asked for, with which a budget may exceed max_tokens.
    bool interleaved = false;
    bool output_format = true;  ///< as in Opening
    std::string_view lacks;     ///< likewise
};

/// max_tokens, which Anthropic requires, where nobody says any: the limit of its oldest models.
inline constexpr std::uint64_t kUnknownMaxTokens = 4096;

/// Members that the translation reads, so that they are not copied as they are.
bool is_translated(std::string_view name);

/// Members meant for the gateway, which no provider must see.
bool is_gateway_own(std::string_view name);

/// `stop` to stop_sequences; may give an empty array.
Result<json::array> translate_stop(const json::value& stop);

/// Anthropic wants no personal data as the user's id, and at most 256 characters: e-mail addresses,
/// phone numbers and longer ones are not sent.
bool is_sendable_user(std::string_view user);

/// `user` and `metadata.user_id` (which wins) to Anthropic's metadata; empty if there is none to
/// send.
json::object user_metadata(const json::object& client);

}  // namespace patchbay::anthropic
