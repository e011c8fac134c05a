#include "gateway/routes.hpp"

#include <gtest/gtest.h>

#include "engine/surface/openai/response_actions.hpp"

namespace patchbay::gateway {
namespace {

using boost::beast::http::verb;

TEST(Routes, chat_completions_under_all_its_names) {
    for (const char* path :
         {"/chat/completions", "/v1/chat/completions", "/v1/chat/completions/"}) {
        const Match match = match_route(verb::post, path);
        EXPECT_EQ(match.route, Route::call) << path;
        EXPECT_TRUE(match.needs_key);
        EXPECT_EQ(match.model, "");
    }
}

TEST(Routes, the_model_in_the_path_is_decoded_and_may_hold_slashes) {
    EXPECT_EQ(match_route(verb::post, "/openai/deployments/gpt-4o/chat/completions").model,
              "gpt-4o");
    EXPECT_EQ(match_route(verb::post, "/engines/openai%2Fgpt-4o/chat/completions").model,
              "openai/gpt-4o");
    EXPECT_EQ(match_route(verb::post, "/v1/engines/openai/gpt-4o/chat/completions").model,
              "openai/gpt-4o");
    EXPECT_EQ(match_route(verb::post, "/engines/100%/chat/completions").model, "100%");
    EXPECT_EQ(match_route(verb::post, "/engines//chat/completions").route, Route::not_found);
}

TEST(Routes, the_longest_end_of_a_path_with_a_model_counts) {
    EXPECT_EQ(match_route(verb::post, "/openai/deployments/m/chat/completions").surface,
              &kChatSurface);
    EXPECT_EQ(match_route(verb::post, "/openai/deployments/m/completions").surface,
              &kCompletionsSurface);
    EXPECT_EQ(match_route(verb::post, "/engines/a/b/embeddings").model, "a/b");
    EXPECT_EQ(match_route(verb::post, "/v1/messages").surface, &kMessagesSurface);
    EXPECT_EQ(match_route(verb::post, "/v1/messages/count_tokens").surface, &kCountTokensSurface);
    EXPECT_EQ(match_route(verb::post, "/messages").route, Route::not_found);
}

TEST(Routes, a_response_is_named_in_the_path) {
    const struct {
        verb method;
        const char* path;
        const Surface* surface;
        const char* allow;
    } cases[] = {
        {verb::get, "/v1/responses/resp_1", &kGetResponseSurface, ""},
        {verb::head, "/responses/resp_1/", &kGetResponseSurface, ""},
        {verb::delete_, "/openai/v1/responses/resp_1", &kDeleteResponseSurface, ""},
        {verb::post, "/v1/responses/resp_1/cancel", &kCancelResponseSurface, ""},
        {verb::get, "/v1/responses/resp_1/input_items", &kResponseInputSurface, ""},
        {verb::post, "/v1/responses/resp_1", nullptr, "GET, HEAD, DELETE"},
        {verb::delete_, "/v1/responses/resp_1/cancel", nullptr, "POST"},
        {verb::post, "/v1/responses/resp_1/input_items", nullptr, "GET, HEAD"},
        {verb::get, "/v1/responses/%ff", nullptr, ""},
    };
    for (const auto& c : cases) {
        const Match match = match_route(c.method, c.path);
        EXPECT_EQ(match.surface, c.surface) << c.path;
        EXPECT_EQ(match.allow, c.allow) << c.path;
        EXPECT_EQ(match.resource, c.surface ? "resp_1" : "") << c.path;
        EXPECT_EQ(match.needs_key, c.surface != nullptr) << c.path;
    }
    EXPECT_EQ(match_route(verb::get, "/v1/responses/a%2Fb").route, Route::not_found);
    EXPECT_EQ(match_route(verb::get, "/v1/responses/a/b").route, Route::not_found);
    EXPECT_EQ(match_route(verb::post, "/v1/responses/").surface, &kResponsesSurface);
}

TEST(Routes, what_openai_has_beside_the_ids_of_responses_is_not_taken_for_one) {
    for (const char* path :
         {"/v1/responses/compact", "/responses/compact", "/openai/v1/responses/compact"}) {
        EXPECT_EQ(match_route(verb::post, path).surface, &kCompactResponseSurface) << path;
    }
    for (const char* path : {"/v1/responses/input_tokens", "/responses/input_tokens",
                             "/openai/v1/responses/input_tokens"}) {
        EXPECT_EQ(match_route(verb::post, path).surface, &kCountResponseSurface) << path;
    }
    EXPECT_EQ(match_route(verb::get, "/v1/responses/compact").route, Route::method_not_allowed);
}

TEST(Routes, an_action_of_geminis_stands_behind_the_model) {
    const struct {
        const char* path;
        const Surface* surface;
        const char* model;
    } cases[] = {
        {"/v1beta/models/gpt-4o:generateContent", &kGenerateSurface, "gpt-4o"},
        {"/v1/models/gpt-4o:generateContent", &kGenerateSurface, "gpt-4o"},
        {"/models/gpt-4o:generateContent/", &kGenerateSurface, "gpt-4o"},
        {"/v1beta/models/openai/gpt-4o:streamGenerateContent", &kStreamGenerateSurface,
         "openai/gpt-4o"},
        {"/v1beta/models/openai%2Fgpt-4o:countTokens", &kCountGenerateSurface, "openai/gpt-4o"},
        {"/v1beta/models/a:b:generateContent", &kGenerateSurface, "a:b"},
    };
    for (const auto& c : cases) {
        const Match match = match_route(verb::post, c.path);
        EXPECT_EQ(match.route, Route::call) << c.path;
        EXPECT_EQ(match.surface, c.surface) << c.path;
        EXPECT_EQ(match.model, c.model) << c.path;
        EXPECT_TRUE(match.needs_key);
    }
    EXPECT_EQ(match_route(verb::post, "/v1beta/models/:generateContent").route, Route::not_found);
    EXPECT_EQ(match_route(verb::post, "/v1beta/models/m:embedContent").route, Route::not_found);
    EXPECT_EQ(match_route(verb::put, "/v1beta/models/m:generateContent").allow, "POST");
    EXPECT_EQ(match_route(verb::options, "/models/m:generateContent").allow, "POST");
    EXPECT_EQ(match_route(verb::get, "/v1/models/m:generateContent").route, Route::model);
}

TEST(Routes, a_model_of_bedrocks_stands_before_what_it_is_asked) {
    const struct {
        const char* path;
        const Surface* surface;
        const char* model;
    } cases[] = {
        {"/bedrock/model/gpt-4o/converse", &kConverseSurface, "gpt-4o"},
        {"/bedrock/model/gpt-4o/converse-stream", &kConverseStreamSurface, "gpt-4o"},
        {"/bedrock/model/gpt-4o/invoke", &kInvokeSurface, "gpt-4o"},
        {"/bedrock/model/gpt-4o/invoke-with-response-stream", &kInvokeStreamSurface, "gpt-4o"},
        {"/model/gpt-4o/converse", &kConverseSurface, "gpt-4o"},
        {"/bedrock/model/anthropic.claude-v2%3A1/converse", &kConverseSurface,
         "anthropic.claude-v2:1"},
        {"/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fa/converse",
         &kConverseSurface, "arn:aws:bedrock:us-east-1:1:inference-profile/a"},
        {"/bedrock/model/openai/gpt-4o/converse", &kConverseSurface, "openai/gpt-4o"},
    };
    for (const auto& c : cases) {
        const Match match = match_route(verb::post, c.path);
        EXPECT_EQ(match.route, Route::call) << c.path;
        EXPECT_EQ(match.surface, c.surface) << c.path;
        EXPECT_EQ(match.model, c.model) << c.path;
        EXPECT_TRUE(match.needs_key);
    }
    for (const char* path : {"/bedrock/model//converse", "/bedrock/model/converse", "/v1/converse",
                             "/bedrock/model/m/count-tokens", "/bedrock/model/m/converse/x"}) {
        EXPECT_EQ(match_route(verb::post, path).route, Route::not_found) << path;
    }
    EXPECT_EQ(match_route(verb::get, "/bedrock/model/m/converse").allow, "POST");
}

TEST(Routes, the_query_says_how_a_stream_of_geminis_is_framed) {
    constexpr const char* kPath = "/v1beta/models/m:streamGenerateContent";
    EXPECT_EQ(match_route(verb::post, kPath, "key=k").surface->framing, Framing::json_array);
    EXPECT_EQ(match_route(verb::post, kPath, "alt=json").surface->framing, Framing::json_array);
    const Match events = match_route(verb::post, kPath, "key=k&alt=sse");
    EXPECT_EQ(events.surface->framing, Framing::sse_crlf);
    EXPECT_EQ(events.model, "m");
    EXPECT_EQ(match_route(verb::post, "/v1/chat/completions", "alt=sse").surface, &kChatSurface);
}

TEST(Routes, one_model_is_named_by_the_rest_of_the_path) {
    for (const char* path : {"/models/openai/gpt-4o", "/v1/models/openai%2Fgpt-4o/"}) {
        const Match match = match_route(verb::get, path);
        EXPECT_EQ(match.route, Route::model) << path;
        EXPECT_EQ(match.model, "openai/gpt-4o");
        EXPECT_TRUE(match.needs_key);
    }
    EXPECT_EQ(match_route(verb::head, "/v1/models/x").route, Route::model);
    EXPECT_EQ(match_route(verb::post, "/v1/models/x").allow, "GET, HEAD");
    EXPECT_EQ(match_route(verb::get, "/v1/models/").route, Route::models);
    EXPECT_EQ(match_route(verb::get, "/v1/models/%ff").route, Route::not_found);
}

TEST(Routes, a_known_path_with_another_method_says_which_are_allowed) {
    EXPECT_EQ(match_route(verb::get, "/v1/chat/completions").route, Route::method_not_allowed);
    EXPECT_EQ(match_route(verb::get, "/v1/chat/completions").allow, "POST");
    EXPECT_EQ(match_route(verb::delete_, "/v1/models").allow, "GET, HEAD");
    EXPECT_EQ(match_route(verb::head, "/v1/models").route, Route::models);
}

TEST(Routes, realtime_under_all_its_names) {
    for (const char* path : {"/realtime", "/v1/realtime", "/v1/realtime/", "/openai/v1/realtime"}) {
        const Match match = match_route(verb::get, path);
        EXPECT_EQ(match.route, Route::call) << path;
        EXPECT_TRUE(match.needs_key);
        EXPECT_EQ(match_route(verb::post, path).route, Route::method_not_allowed) << path;
    }
}

TEST(Routes, health_and_metrics_need_no_key) {
    EXPECT_FALSE(match_route(verb::get, "/health/liveliness").needs_key);
    EXPECT_FALSE(match_route(verb::get, "/health/readiness").needs_key);
    EXPECT_FALSE(match_route(verb::get, "/metrics").needs_key);
    EXPECT_TRUE(match_route(verb::get, "/models").needs_key);
}

TEST(Routes, plugins_are_administered_with_a_key) {
    EXPECT_EQ(match_route(verb::get, "/admin/plugins").route, Route::plugins);
    EXPECT_EQ(match_route(verb::post, "/admin/plugins/reload").route, Route::plugin_reload);
    const Match promote = match_route(verb::post, "/admin/plugins/com.example%2Ea/promote");
    EXPECT_EQ(promote.route, Route::plugin_promote);
    EXPECT_EQ(promote.plugin, "com.example.a");
    EXPECT_EQ(promote.name, "/admin/plugins/{id}/promote");
    EXPECT_EQ(match_route(verb::post, "/admin/plugins/a.b/rollback/").route,
              Route::plugin_rollback);
    for (const Match& match : {match_route(verb::get, "/admin/plugins"), promote}) {
        EXPECT_TRUE(match.needs_key);
    }
    EXPECT_EQ(match_route(verb::get, "/admin/plugins/a.b/promote").allow, "POST");
    EXPECT_EQ(match_route(verb::post, "/admin/plugins//promote").route, Route::not_found);
    EXPECT_EQ(match_route(verb::get, "/v1/admin/plugins").route, Route::not_found);
}

TEST(Routes, options_are_answered_on_any_path_without_a_key) {
    for (const char* path : {"/v1/chat/completions", "/v1/models", "/nothing", "*"}) {
        const Match match = match_route(verb::options, path);
        EXPECT_EQ(match.route, Route::preflight) << path;
        EXPECT_FALSE(match.needs_key) << path;
    }
    EXPECT_EQ(match_route(verb::options, "/v1/chat/completions").allow, "POST");
    EXPECT_EQ(match_route(verb::options, "/nothing").allow, "");
}

TEST(Routes, a_wrong_method_is_told_without_a_key) {
    EXPECT_FALSE(match_route(verb::get, "/v1/chat/completions").needs_key);
}

TEST(Routes, an_action_of_geminis_api_is_no_wrong_method_of_a_model) {
    EXPECT_EQ(match_route(verb::post, "/v1/models/gemini:embedContent").route, Route::not_found);
    EXPECT_EQ(match_route(verb::post, "/v1/models/gpt-4o").route, Route::method_not_allowed);
    EXPECT_EQ(match_route(verb::get, "/v1/models/ollama/llama3:8b").route, Route::model);
}

TEST(Routes, everything_else_is_not_found) {
    for (const char* path :
         {"", "/v1", "/v2/chat/completions", "/v1/metrics", "*", "/chat/completionsx"}) {
        EXPECT_EQ(match_route(verb::post, path).route, Route::not_found) << path;
    }
}

}  // namespace
}  // namespace patchbay::gateway
