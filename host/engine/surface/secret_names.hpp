// Which names a client may not set, and which values are secrets: told by how a name is made, not
// by a list of all names there are.
#pragma once

#include <string_view>

namespace patchbay {

/// True if a member, header or query parameter of this name holds a credential: api_key,
/// langsmith_api_key, aws_secret_access_key, azure_ad_token, clientSecret, x-api-key, ... Case, '-'
/// for '_' and camel case make no difference. No token of a tokenizer (eos_token). Any thread.
bool is_secret_name(std::string_view name);

/// True if a request may not have a member of this name, for with it a client would choose where
/// its request or its record goes, or whose key pays for it: secrets, addresses (api_base,
/// langfuse_host, s3_endpoint_url), the settings of clouds and log sinks (aws_*, langfuse_*) and
/// the gateway's own configuration (user_config). LiteLLM bans the same for clients, by name. Any
/// thread.
bool is_refused_param(std::string_view name);

}  // namespace patchbay
