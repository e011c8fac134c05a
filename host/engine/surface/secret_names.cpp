#include "engine/surface/secret_names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace patchbay {

namespace {

using Names = std::span<const std::string_view>;

/// The last words of a name that holds a credential.
constexpr auto kSecretEndings = std::to_array<std::string_view>({
    "access_key",
    "access_key_id",
    "account_key",
    "api_key",
    "api_token",
    "apikey",
    "app_key",
    "application_key",
    "auth",
    "auth_key",
    "authorization",
    "bearer",
    "client_key",
    "connection_string",
    "cookie",
    "credential",
    "credentials",
    "encryption_key",
    "ingestion_key",
    "integration_key",
    "jwt",
    "license_key",
    "master_key",
    "passphrase",
    "passwd",
    "password",
    "private_key",
    "pwd",
    "sdk_key",
    "secret",
    "secret_key",
    "secrets",
    "server_key",
    "service_account",
    "service_account_json",
    "service_account_key",
    "session_key",
    "shared_key",
    "signing_key",
    "space_key",
    "subscription_key",
    "token",
    "virtual_key",
    "write_key",
});

/// What stands before "token" where it is one of a text: eos_token, input_cost_per_token.
constexpr auto kTextTokens = std::to_array<std::string_view>(
    {"audio", "bos", "cls", "end", "eos", "first", "image", "last", "mask", "next", "pad", "per",
     "sep", "special", "start", "stop", "unk", "video"});

/// The last words of a name that says where something goes.
constexpr auto kPlaceEndings = std::to_array<std::string_view>(
    {"api_base", "api_url", "base_url", "callback_url", "deployment_url", "endpoint",
     "endpoint_url", "host", "hostname", "proxies", "proxy", "server_url", "webhook",
     "webhook_url"});

/// Settings of clouds, and of log sinks for one request.
constexpr auto kFamilies = std::to_array<std::string_view>(
    {"agentops_",   "argilla_", "arize_",    "athina_",    "aws_",       "azure_",   "braintrust_",
     "databricks_", "datadog_", "dd_",       "galileo_",   "gcp_",       "gcs_",     "helicone_",
     "humanloop_",  "lago_",    "langfuse_", "langsmith_", "logfire_",   "lunary_",  "oci_",
     "openmeter_",  "opik_",    "otel_",     "pagerduty_", "phoenix_",   "posthog_", "s3_",
     "sagemaker_",  "sentry_",  "slack_",    "snowflake_", "traceloop_", "vertex_",  "wandb_",
     "watsonx_",    "weave_"});

/// As they are written, for some are words of other APIs in another spelling (Azure's
/// "api-version" in a query).
constexpr auto kOwnNames = std::to_array<std::string_view>(
    {"api_version", "custom_llm_provider", "extra_headers", "headers", "litellm_credential_name",
     "litellm_params", "provider_specific_header", "user_config"});

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// "awsSecretKey", "AWS_SECRET_KEY" and "aws-secret-key" are aws_secret_key.
std::string plain(std::string_view name) {
    constexpr std::size_t kLongest = 256;  // what counts are the first and the last words
    std::string made;
    const std::size_t skipped = name.size() > kLongest ? name.size() - kLongest : 0;
    name.remove_prefix(skipped);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (is_upper(c)) {
            const bool word =
                i > 0 && !is_upper(name[i - 1]) && !made.empty() && made.back() != '_';
            if (word) made += '_';
            made += static_cast<char>(c - 'A' + 'a');
        } else {
            made += c == '-' || c == '.' || c == ' ' ? '_' : c;
        }
    }
    return made;
}

bool ends_with_word(std::string_view name, std::string_view word) {
    if (!name.ends_with(word)) return false;
    return name.size() == word.size() || name[name.size() - word.size() - 1] == '_';
}

bool ends_with_any(std::string_view name, Names words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return ends_with_word(name, word); });
}

bool is_text_token(std::string_view name) {
    if (!name.ends_with("_token")) return false;
    name.remove_suffix(6);
    return ends_with_any(name, kTextTokens);
}

bool is_secret(std::string_view plain_name) {
    if (plain_name == "key") return true;
    return ends_with_any(plain_name, kSecretEndings) && !is_text_token(plain_name);
}

}  // namespace

bool is_secret_name(std::string_view name) {
    return is_secret(plain(name));
}

bool is_refused_param(std::string_view name) {
    if (std::find(kOwnNames.begin(), kOwnNames.end(), name) != kOwnNames.end()) return true;
    const std::string made = plain(name);
    return is_secret(made) || ends_with_any(made, kPlaceEndings) ||
           std::any_of(kFamilies.begin(), kFamilies.end(),
                       [&](std::string_view family) { return made.starts_with(family); });
}

}  // namespace patchbay
