// What becomes of one entry: its provider, key, address, parameters and timeouts.
#include "engine/world/provider_name.hpp"
#include "engine/world/snapshot_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using config_test::Variables;
using test::SnapshotTest;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(SnapshotTest, an_explicit_provider_wins_over_the_models_prefix) {
    const auto snapshot = build(list({entry("a", "openai/x", {"custom_llm_provider: keyless"}),
                                      entry("b", "keyless/x", {"custom_llm_provider: keyless"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").provider, "keyless");
    EXPECT_EQ(only(*snapshot, "a").model, "openai/x");
    EXPECT_EQ(only(*snapshot, "b").model, "x");
}

TEST_F(SnapshotTest, a_missing_key_is_a_warning_unless_none_is_needed) {
    const auto snapshot =
        build(list({entry("a", "openai/a"), entry("b", "keyless/b"), entry("c", "demo/c"),
                    entry("d", "openai/d", {"tenant_id: t", "client_secret: s"}),
                    entry("e", "athome/e", {"api_base: \"http://gpu.example.org:11434\""})}));
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].severity, Problem::Severity::warning);
    EXPECT_THAT(
        problems[0].message,
        HasSubstr(
            "'openai/a' has no API key: set api_key or the variable FIRST_KEY or SECOND_KEY"));
}

TEST_F(SnapshotTest, a_provider_without_an_address_needs_one) {
    const auto snapshot =
        build(list({entry("a", "homeless/a", {"api_key: k"}), entry("b", "keyless/b")}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("c.yaml:4:14: warning"),
                                  HasSubstr("set api_base or the variable HOMELESS_BASE"))));
    EXPECT_THAT(resolve_model(*snapshot, "a", "/p").error().message,
                HasSubstr("it has no address"));
    EXPECT_FALSE(build(list({entry("a", "homeless/a", {"api_base: ftp://x/"})})));
    EXPECT_THAT(texts(), ElementsAre(HasSubstr("api_base is not an http or https URL")));
    EXPECT_FALSE(build(list({entry("a", "homeless/a")}), {{"HOMELESS_BASE", "nonsense"}}));
    EXPECT_THAT(texts(), Contains(HasSubstr("HOMELESS_BASE is not an http or https URL")));
    EXPECT_FALSE(build(list({entry("a", "homeless/a", {"api_base: \"http://x/v1#eu\""})})));
    EXPECT_THAT(texts(), ElementsAre(AllOf(HasSubstr("c.yaml:"), HasSubstr("has a fragment"))));
    EXPECT_FALSE(build(list({entry("a", "openai/a")}), {{"FIRST_KEY", "a\nb"}}));
    EXPECT_THAT(texts(),
                ElementsAre(AllOf(HasSubstr("FIRST_KEY"), HasSubstr("no HTTP header can carry"))));
}

TEST_F(SnapshotTest, what_is_configured_goes_before_the_environment_and_that_before_the_default) {
    const Variables both{{"FIRST_KEY", "k1"},
                         {"SECOND_KEY", "k2"},
                         {"FIRST_BASE", ""},
                         {"SECOND_BASE", "http://two"}};
    auto snapshot =
        build(list({entry("a", "openai/a", {"api_key: own", "api_base: http://own"})}), both);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "own");
    EXPECT_EQ(only(*snapshot, "a").base_url, "http://own");
    snapshot = build(list({entry("a", "openai/a")}), both);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "k1");
    EXPECT_EQ(only(*snapshot, "a").base_url, "http://two") << "an empty variable is not set";
    snapshot = build(list({entry("a", "openai/a")}), {{"SECOND_KEY", "k2"}});
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_key.reveal(), "k2");
    EXPECT_EQ(only(*snapshot, "a").base_url, "https://api.example.org/v1");
    EXPECT_THAT(texts(), IsEmpty());
}

TEST_F(SnapshotTest, the_shown_address_holds_no_query) {
    const auto snapshot =
        build(list({entry("a", "keyless/a", {"api_base: \"http://h.example/v1?key=s\""})}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").api_base_shown, "http://h.example/v1");
}

TEST_F(SnapshotTest, a_mock_response_is_given_by_the_simulated_provider) {
    const auto snapshot = build(list({entry("a", "openai/a", {"mock_response: hello"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const Deployment& d = only(*snapshot, "a");
    EXPECT_EQ(d.provider, "demo");
    EXPECT_TRUE(d.simulated);
    EXPECT_THAT(d.params, HasSubstr("hello"));
}

TEST_F(SnapshotTest, a_base_model_reaches_the_plugin_from_either_place) {
    const std::string info = "    model_info: {base_model: theirs}\n";
    const auto snapshot = build(
        list({entry("a", "keyless/a") + info, entry("b", "keyless/b", {"base_model: ours"}) + info,
              entry("c", "keyless/c")}));
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(only(*snapshot, "a").params, R"({"base_model":"theirs"})");
    EXPECT_EQ(only(*snapshot, "b").params, R"({"base_model":"ours"})");
    EXPECT_EQ(only(*snapshot, "c").params, "");
}

TEST(ModelInfoOfParams, is_one_member_more) {
    ModelInfo info;
    EXPECT_EQ(with_model_info("", info), "");
    EXPECT_EQ(with_model_info("{\"a\":1}", info), "{\"a\":1}");
    info.max_output_tokens = 7;
    EXPECT_EQ(with_model_info("", info), R"({"model_info":{"max_output_tokens":7}})");
    EXPECT_EQ(with_model_info("{}", info), R"({"model_info":{"max_output_tokens":7}})");
    EXPECT_EQ(with_model_info("{\"a\":1}", info),
              R"({"model_info":{"max_output_tokens":7},"a":1})");
}

TEST_F(SnapshotTest, a_providers_own_parameters_are_defaults_of_requests) {
    const auto snapshot = build(list({entry(
        "a", "keyless/house",
        {"top_k: 20", "min_p: 0.1", "chat_template_kwargs: {enable_thinking: false}",
         "provider: {order: [a, b]}", "num_ctx: 4096", "temperature: 0.5",
         "input_cost_per_token: 0.000001", "supports_vision: true", "base_model: gpt-4o",
         "organization: o", "api_version: v", "aws_region_name: r", "mode: chat", "id: x",
         "extra_headers: {a: b}", "stream: true", "max_input_tokens: 5", "litellm_trace_id: t"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(texts(), IsEmpty());
    const Deployment& d = only(*snapshot, "a");
    EXPECT_THAT(d.defaults,
                ElementsAre(BodyMember{"\"temperature\"", "0.5"}, BodyMember{"\"top_k\"", "20"},
                            BodyMember{"\"min_p\"", "0.1"},
                            BodyMember{"\"chat_template_kwargs\"", R"({"enable_thinking":false})"},
                            BodyMember{"\"provider\"", R"({"order":["a","b"]})"},
                            BodyMember{"\"num_ctx\"", "4096"}));
    EXPECT_THAT(d.params, HasSubstr("aws_region_name"));
}

TEST_F(SnapshotTest, limits_of_tokens_in_and_out_have_a_usual_answer) {
    const auto of = [&](std::string given) {
        const auto snapshot = build(list({entry("a", "keyless/own", {std::move(given)})}));
        EXPECT_TRUE(snapshot && snapshot->token_limits);
        const Deployment& made = only(*snapshot, "a");
        return std::pair(made.itpm.value_or(-1), made.usual_answer);
    };
    using Made = std::pair<std::int64_t, std::int64_t>;
    EXPECT_EQ(of("itpm: 5"), Made(5, 0));
    EXPECT_EQ(of("otpm: 1000"), Made(-1, 250)) << "a quarter of the minute";
    EXPECT_EQ(of("otpm: 3"), Made(-1, 1));
    EXPECT_EQ(of("otpm: 100000"), Made(-1, 4096)) << "of a model that nobody knows";
    EXPECT_EQ(of("otpm: 100000\n      max_tokens: 70"), Made(-1, 70));
    EXPECT_EQ(of("otpm: 100\n      max_tokens: 70"), Made(-1, 25));
    EXPECT_EQ(of("otpm: 100000\n    model_info: {max_output_tokens: 300}"), Made(-1, 300));
    EXPECT_EQ(of("otpm: 4\n    model_info: {itpm: 9, otpm: 100}"), Made(9, 1));
    const auto snapshot = build(list({entry("a", "keyless/own", {"tpm: 5"})}));
    ASSERT_TRUE(snapshot);
    EXPECT_FALSE(snapshot->token_limits);
}

TEST_F(SnapshotTest, timeouts_have_a_precedence) {
    const auto timeouts = [&](const std::vector<std::string>& own, const std::string& rest) {
        const auto snapshot = build(list({entry("a", "keyless/a", own)}, rest));
        const Deployment& d = only(*snapshot, "a");
        return std::pair(d.timeout, d.stream_timeout);
    };
    const std::string litellm = "litellm_settings:\n  request_timeout: 40\n";
    const std::string router = "router_settings:\n  timeout: 30\n";
    const std::string stream = "router_settings:\n  timeout: 30\n  stream_timeout: 20\n";
    EXPECT_EQ(timeouts({}, ""), std::pair(600'000ms, 600'000ms));
    EXPECT_EQ(timeouts({}, litellm), std::pair(40'000ms, 40'000ms));
    EXPECT_EQ(timeouts({}, litellm + router), std::pair(30'000ms, 30'000ms));
    EXPECT_EQ(timeouts({}, litellm + stream), std::pair(30'000ms, 20'000ms));
    EXPECT_EQ(timeouts({"timeout: 10"}, router), std::pair(10'000ms, 10'000ms));
    EXPECT_EQ(timeouts({"timeout: 10"}, stream), std::pair(10'000ms, 20'000ms));
    EXPECT_EQ(timeouts({"timeout: 10", "stream_timeout: 5"}, stream), std::pair(10'000ms, 5'000ms));
}

TEST_F(SnapshotTest, streams_of_a_service_tier_have_its_timeout_where_none_is_said_for_streams) {
    const auto of_flex = [&](const std::vector<std::string>& own, const std::string& rest = "") {
        const auto snapshot = build(list({entry("a", "keyless/a", own)}, rest));
        const TierTimeouts& times = only(*snapshot, "a").tier_stream_timeouts;
        const auto found = times.find("flex");
        return found == times.end() ? 0ms : found->second;
    };
    const std::string tier = "timeout_by_service_tier: {flex: 900}";
    EXPECT_EQ(of_flex({tier}), 900'000ms);
    EXPECT_EQ(of_flex({tier, "stream_timeout: 5"}), 0ms);
    EXPECT_EQ(of_flex({tier}, "router_settings: {stream_timeout: 5}\n"), 0ms);
    EXPECT_EQ(of_flex({tier, "stream_timeout_by_service_tier: {flex: 90}"}), 90'000ms);
}

TEST_F(SnapshotTest, providers_are_known_by_prefix_and_by_bare_names) {
    const auto named = [](std::string_view model, std::string_view provider = {}) -> std::string {
        const auto found = provider_of(model, provider, {}, *plugins_);
        return found.row ? found.row->prefix + ":" + found.model : "none";
    };
    EXPECT_EQ(named("openai/gpt-4o"), "openai:gpt-4o");
    EXPECT_EQ(named("gpt-4o"), "openai:gpt-4o");
    EXPECT_EQ(named("o3-mini"), "openai:o3-mini");
    EXPECT_EQ(named("ft:gpt-4o:org"), "openai:ft:gpt-4o:org");
    EXPECT_EQ(named("claude-3"), "anthropic:claude-3");
    EXPECT_EQ(named("llama"), "none");
    EXPECT_EQ(named("unknown/gpt-4o"), "none");
    EXPECT_EQ(named("gpt-4o", "keyless"), "keyless:gpt-4o");
    EXPECT_EQ(named("keyless", "keyless"), "keyless:keyless");
    EXPECT_EQ(named("keylessly/x", "keyless"), "keyless:keylessly/x");
    EXPECT_EQ(named("x", "unknown"), "none");
    for (const char* model : {"whisper-1", "text-embedding-3-small", "dall-e-3", "gpt-image-1",
                              "tts-1", "gpt-4o-transcribe", "omni-moderation-latest"}) {
        EXPECT_EQ(named(model), "openai:" + std::string(model));
    }
    EXPECT_EQ(provider_of("gemini-2.5-flash", {}, {}, *plugins_).provider, "vertex_ai");
    EXPECT_EQ(provider_of("gemini-99-flash", {}, {}, *plugins_).provider, "vertex_ai");
    EXPECT_EQ(provider_of("house", {}, "https://api.example.org/v2", *plugins_).provider,
              "anthropic")
        << "the first of those that are there";
    EXPECT_EQ(provider_of("house", {}, "https://other.example.org/v2", *plugins_).row, nullptr);
    EXPECT_EQ(exception_provider("openai"), "OpenAIException");
    EXPECT_EQ(exception_provider("groq"), "GroqException");
    EXPECT_EQ(exception_provider(""), "Exception");
}

}  // namespace
}  // namespace patchbay
