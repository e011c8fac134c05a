#include "engine/world/provider_params.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(ProviderParams, what_nobody_else_knows_is_a_parameter_of_requests) {
    const ManifestProvider open;
    for (const char* name :
         {"top_k", "min_p", "chat_template_kwargs", "num_ctx", "provider", "disable_reasoning",
          "never_heard_of", "keep_alive", "guided_json", "project"}) {
        EXPECT_EQ(param_use(name, open), ParamUse::request) << name;
    }
}

TEST(ProviderParams, what_is_the_gateways_or_LiteLLMs_is_in_no_request) {
    ManifestProvider closed;
    closed.params.emplace();
    for (const char* name : {"input_cost_per_token",
                             "cache_read_input_token_cost",
                             "supports_vision",
                             "base_model",
                             "organization",
                             "api_version",
                             "aws_region_name",
                             "vertex_project",
                             "azure_ad_token",
                             "extra_headers",
                             "headers",
                             "mock_response",
                             "mock_timeout",
                             "model_info",
                             "tags",
                             "rpm",
                             "id",
                             "stream",
                             "mode",
                             "max_input_tokens",
                             "litellm_trace_id",
                             "langfuse_secret_key",
                             "region_name",
                             "client_secret",
                             "ttl",
                             "turn_off_message_logging",
                             "cooldown_time"}) {
        EXPECT_EQ(param_use(name, {}), ParamUse::setting) << name;
        EXPECT_EQ(param_use(name, closed), ParamUse::setting) << name;
    }
}

TEST(ProviderParams, a_plugin_says_what_it_reads_and_what_it_sends) {
    ManifestProvider provider;
    provider.settings = {"project"};
    provider.params = {{"top_k", "headers"}};
    EXPECT_EQ(param_use("project", provider), ParamUse::setting);
    EXPECT_EQ(param_use("top_k", provider), ParamUse::request);
    EXPECT_EQ(param_use("headers", provider), ParamUse::request) << "the plugin knows better";
    EXPECT_EQ(param_use("min_p", provider), ParamUse::not_sent);
}

}  // namespace
}  // namespace patchbay
