#include "engine/surface/secret_names.hpp"

#include <gtest/gtest.h>

#include "engine/surface/model_params.hpp"

namespace patchbay {
namespace {

TEST(SecretNames, credentials_are_told_by_how_their_names_are_made) {
    for (const char* name : {"api_key",
                             "apiKey",
                             "API_KEY",
                             "x-api-key",
                             "apikey",
                             "openai_api_key",
                             "key",
                             "secret",
                             "client_secret",
                             "clientSecret",
                             "aws_access_key_id",
                             "aws_secret_access_key",
                             "AWS_SECRET_ACCESS_KEY",
                             "aws_session_token",
                             "azure_ad_token",
                             "azure_password",
                             "vertex_credentials",
                             "langfuse_secret_key",
                             "langsmith_api_key",
                             "arize_space_key",
                             "gcs_path_service_account",
                             "password",
                             "db_password",
                             "private_key",
                             "authorization",
                             "Authorization",
                             "proxy-authorization",
                             "token",
                             "access_token",
                             "refreshToken",
                             "authorization_token",
                             "connection_string",
                             "my_vendor_secret"}) {
        EXPECT_TRUE(is_secret_name(name)) << name;
        EXPECT_TRUE(is_refused_param(name)) << name;
    }
}

TEST(SecretNames, what_says_where_a_request_or_its_record_goes_is_refused) {
    for (const char* name : {"api_base",
                             "base_url",
                             "api_version",
                             "custom_llm_provider",
                             "litellm_credential_name",
                             "extra_headers",
                             "headers",
                             "provider_specific_header",
                             "user_config",
                             "litellm_params",
                             "aws_sts_endpoint",
                             "aws_role_name",
                             "aws_bedrock_runtime_endpoint",
                             "aws_web_identity_token",
                             "aws_region_name",
                             "vertex_project",
                             "azure_scope",
                             "langfuse_host",
                             "langfuse_public_key",
                             "langsmith_base_url",
                             "langsmith_project",
                             "posthog_host",
                             "posthog_api_url",
                             "braintrust_host",
                             "slack_webhook_url",
                             "s3_endpoint_url",
                             "sagemaker_base_url",
                             "deployment_url",
                             "gcs_bucket_name",
                             "wandb_api_key",
                             "weave_project_id",
                             "watsonx_region_name",
                             "otel_endpoint",
                             "http_proxy",
                             "myBaseUrl"}) {
        EXPECT_TRUE(is_refused_param(name)) << name;
    }
}

TEST(SecretNames, what_requests_may_have_is_neither) {
    for (const std::string_view name : model_params()) {
        EXPECT_FALSE(is_secret_name(name)) << name;
        EXPECT_FALSE(is_refused_param(name)) << name;
    }
    for (const char* name : {"max_tokens",
                             "max_completion_tokens",
                             "min_tokens",
                             "stop_token_ids",
                             "eos_token",
                             "bos_token",
                             "pad_token",
                             "input_cost_per_token",
                             "output_cost_per_token",
                             "cache_key",
                             "preset_cache_key",
                             "prompt_cache_key",
                             "safety_identifier",
                             "client_id",
                             "tenant_id",
                             "metadata",
                             "litellm_metadata",
                             "fallbacks",
                             "mock_response",
                             "api-version",
                             "keys",
                             "keyword",
                             "tokens",
                             "author",
                             "",
                             "_",
                             "reasoning_effort",
                             "data_sources"}) {
        EXPECT_FALSE(is_secret_name(name)) << name;
        EXPECT_FALSE(is_refused_param(name)) << name;
    }
}

}  // namespace
}  // namespace patchbay
