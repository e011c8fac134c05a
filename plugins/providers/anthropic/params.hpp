// SPDX-License-Identifier: Apache-2.0
// Which request parameters Anthropic has, and what becomes of the others.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// How the host wants a request to be translated. Views live as long as the call that got them.
struct RequestOptions {
    std::string_view model;  ///< upstream model id
    bool stream = false;
    bool drop_params = false;         ///< drop what is not supported instead of failing
    std::string_view allowed_params;  ///< comma separated: passed on although not supported
    std::uint64_t default_max_tokens = 4096;
};

/// Members that the translation reads, so that they are not copied as they are.
bool is_translated(std::string_view name);

/// Members meant for the gateway, which no provider must see.
bool is_gateway_own(std::string_view name);

/// Takes the OpenAI parameters that Anthropic does not have out of `client`. A value that means
/// what would happen anyway (n = 1, store = false, ...) is no reason to fail. Fails with
/// BAY_ERR_UNSUPPORTED naming all of them, unless drop_params; those in allowed_params stay.
Result<void> remove_unsupported(json::object& client, const RequestOptions& options);

/// `stop` to stop_sequences; may give an empty array. With `drop_blank`, sequences of white space
/// alone are left out, as Anthropic refuses them.
Result<json::array> translate_stop(const json::value& stop, bool drop_blank);

/// Anthropic wants no personal data as the user's id: e-mail addresses and phone numbers are not
/// sent.
bool is_anonymous_user(std::string_view user);

/// `user` and `metadata.user_id` (which wins) to Anthropic's metadata; empty if there is none to
/// send.
json::object user_metadata(const json::object& client);

}  // namespace patchbay::anthropic
