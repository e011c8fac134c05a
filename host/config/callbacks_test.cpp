#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/callback_names.hpp"
#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> sinks(const LoadedConfig& loaded) {
    std::vector<std::string> names;
    if (!loaded.config) return names;
    for (const auto& callback : loaded.config->litellm.logging.callbacks) {
        names.push_back(callback.name + (callback.on_success ? "+" : "") +
                        (callback.on_failure ? "-" : ""));
    }
    return names;
}

TEST(Callbacks, one_text_is_the_list_of_that_one) {
    for (const char* text :
         {"litellm_settings: {callbacks: otel}", "litellm_settings: {callbacks: [otel]}",
          "litellm_settings: {callbacks: [otel, null]}"}) {
        const auto loaded = load(text);
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << text;
        EXPECT_THAT(sinks(loaded), ElementsAre("otel+-")) << text;
    }
    EXPECT_THAT(sinks(load("litellm_settings: {success_callback: langfuse}")),
                ElementsAre("langfuse+"));
}

TEST(Callbacks, wherever_a_list_of_texts_stands_one_text_will_do) {
    const auto loaded = load(R"(litellm_settings:
  standard_logging_payload_excluded_fields: messages
model_list:
  - model_name: m
    litellm_params:
      model: demo/echo
      additional_drop_params: seed
      allowed_openai_params: tools
      guardrails: g
guardrails:
  - guardrail_name: g
    litellm_params: {guardrail: x, mode: pre_call, extra_headers: x-a}
plugins: {directories: folder}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const Config& config = *loaded.config;
    EXPECT_THAT(config.litellm.logging.excluded_fields, ElementsAre("messages"));
    EXPECT_THAT(config.model_list[0].additional_drop_params, ElementsAre("seed"));
    EXPECT_THAT(config.model_list[0].allowed_openai_params, ElementsAre("tools"));
    EXPECT_THAT(config.model_list[0].guardrails, ElementsAre("g"));
    EXPECT_THAT(config.guardrails[0].extra_headers, ElementsAre("x-a"));
    EXPECT_EQ(config.plugins.directories[0].text, "folder");
}

TEST(Callbacks, a_module_in_python_says_that_it_does_not_run) {
    for (const char* text : {"litellm_settings:\n  callbacks: house_rules.handler\n",
                             "litellm_settings:\n  callbacks: [house_rules.handler]\n"}) {
        const auto loaded = load(text);
        EXPECT_TRUE(loaded.config);
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre(AllOf(HasSubstr("warning: `litellm_settings.callbacks`: "
                                                "'house_rules.handler' is a module in Python"),
                                      HasSubstr("may rewrite or refuse requests"),
                                      HasSubstr("docs/writing-a-plugin.md"))));
        EXPECT_THAT(sinks(loaded), IsEmpty());
    }
}

TEST(Callbacks, a_guard_among_them_runs_as_a_guardrail) {
    for (const auto& [name, guardrail] :
         {std::pair{"presidio", "presidio"}, std::pair{"hide_secrets", "hide-secrets"},
          std::pair{"openai_moderations", "openai_moderation"},
          std::pair{"lakera_prompt_injection", "lakera_v2"}}) {
        const auto loaded = load("litellm_settings:\n  callbacks: [otel, " + std::string(name) +
                                 "]\n  success_callback: " + name + "\n");
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << name;
        ASSERT_TRUE(loaded.config) << name;
        ASSERT_EQ(loaded.config->guardrails.size(), 1u) << name;
        const GuardrailConfig& made = loaded.config->guardrails[0];
        EXPECT_EQ(made.guardrail_name, name);
        EXPECT_EQ(made.guardrail, guardrail);
        EXPECT_EQ(made.modes, kPreCall);
        EXPECT_TRUE(made.default_on);
        EXPECT_EQ(made.place.text(), "c.yaml:2:21");
        EXPECT_THAT(sinks(loaded), ElementsAre("otel+-"));
    }
}

TEST(Callbacks, a_guard_that_is_not_there_is_an_error_that_tells_how_to_be_protected) {
    for (const char* name :
         {"detect_prompt_injection", "llamaguard_moderations", "llmguard_moderations",
          "google_text_moderation", "azure_content_safety", "banned_keywords", "blocked_user_check",
          "aporia_prompt_injection", "bedrock", "aporia", "hide-secrets", "tool_permission"}) {
        for (const char* key : {"callbacks", "success_callback", "failure_callback"}) {
            const auto loaded =
                load("litellm_settings: {" + std::string(key) + ": [" + name + "]}\n");
            EXPECT_FALSE(loaded.config) << name;
            EXPECT_THAT(texts(loaded.problems),
                        ElementsAre(AllOf(HasSubstr(": error: the guard '" + std::string(name)),
                                          HasSubstr("docs/guardrails.md"))))
                << name;
        }
    }
}

TEST(Callbacks, hooks_of_litellms_own_work_are_told_and_left_out) {
    EXPECT_THAT(problems_of("litellm_settings: {callbacks: [parallel_request_limiter]}"),
                ElementsAre(HasSubstr("ignored, so load is not limited by it")));
}

TEST(Callbacks, hooks_may_have_settings_and_nothing_else_may) {
    const auto loaded = load(
        "litellm_settings:\n"
        "  callbacks:\n"
        "    - websearch_interception: {enabled_providers: [openai]}\n"
        "    - otel\n");
    ASSERT_TRUE(loaded.config);
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre(AllOf(HasSubstr("c.yaml:3:7: warning: `litellm_settings.callbacks`: "
                                            "'websearch_interception'"),
                                  HasSubstr("searches are left to the provider"))));
    ASSERT_EQ(loaded.config->litellm.logging.callbacks.size(), 1u);
    EXPECT_EQ(loaded.config->litellm.logging.callbacks[0].name, "otel");
    for (const char* item :
         {"{presidio: {x: y}}", "{otel: {x: y}}", "{websearch_interception: {}, presidio: {}}"}) {
        EXPECT_FALSE(load("litellm_settings: {callbacks: [" + std::string(item) + "]}\n").config)
            << item;
    }
}

TEST(Callbacks, the_default_tags_of_langfuse_are_a_setting_of_that_sink) {
    const auto tags_of = [](const std::string& more) {
        const auto loaded = load(
            "litellm_settings: {callbacks: [webhook, langfuse], langfuse_default_tags: [cache_hit, "
            "a]}\n" +
            more);
        EXPECT_THAT(texts(loaded.problems), IsEmpty());
        const auto& sinks = loaded.config->litellm.logging.callbacks;
        EXPECT_TRUE(sinks.at(0).params.empty());
        return boost::json::serialize(sinks.at(1).params);
    };
    EXPECT_EQ(tags_of(""), R"({"default_tags":["cache_hit","a"]})");
    EXPECT_EQ(tags_of("callback_settings: {langfuse: {default_tags: [b]}}\n"),
              R"({"default_tags":["b"]})");
}

TEST(Callbacks, a_guard_takes_its_settings_in_the_old_spelling) {
    const auto loaded = load(R"(litellm_settings:
  output_parse_pii: true
  callbacks: [presidio, openai_moderations]
  openai_moderations_model_name: text-moderation-stable
callback_settings:
  presidio: {presidio_language: de}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& all = loaded.config->guardrails;
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].modes, kPreCall | kPostCall);
    EXPECT_EQ(all[0].params.at("output_parse_pii"), true);
    EXPECT_EQ(all[0].params.at("presidio_language"), "de");
    EXPECT_EQ(all[1].params.at("model"), "text-moderation-stable");
    EXPECT_THAT(problems_of("litellm_settings: {output_parse_pii: true}"),
                ElementsAre(HasSubstr("not done by Patchbay yet")));
    const auto logged = load(
        "litellm_settings: {callbacks: presidio}\n"
        "callback_settings: {presidio: {logging_only: true}}\n");
    ASSERT_TRUE(logged.config);
    EXPECT_EQ(logged.config->guardrails.at(0).modes, kLoggingOnly);
}

TEST(Callbacks, the_old_section_of_guardrails_is_read_or_refused) {
    const auto loaded = load(R"(litellm_settings:
  guardrails:
    - injection: {callbacks: [lakera_prompt_injection], default_on: true}
    - pii:
        callbacks: [presidio]
        callback_args: {presidio: {presidio_language: de, moderation_check: pre_call}}
guardrails:
  - guardrail_name: pii
    litellm_params: {guardrail: x, mode: post_call}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const auto& all = loaded.config->guardrails;
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].guardrail_name, "injection");
    EXPECT_EQ(all[0].guardrail, "lakera_v2");
    EXPECT_TRUE(all[0].default_on);
    EXPECT_EQ(all[1].guardrail_name, "pii.callback") << "entries of one name share the work";
    EXPECT_FALSE(all[1].default_on);
    EXPECT_EQ(all[1].params.at("presidio_language"), "de");
    EXPECT_EQ(all[2].guardrail_name, "pii");
    for (const char* wrong :
         {"[{g: {callbacks: [no_such_guard], default_on: true}}]", "[{g: {default_on: true}}]",
          "[{g: [presidio]}]", "[presidio]", "{g: {callbacks: [presidio]}}",
          "[{g: {callbacks: [presidio, hide_secrets]}}]"}) {
        EXPECT_FALSE(load("litellm_settings: {guardrails: " + std::string(wrong) + "}").config)
            << wrong;
    }
}

TEST(CallbackNames, python_is_a_path_of_names) {
    for (const char* name : {"a.b", "my_rules.deep.handler"}) EXPECT_TRUE(is_python(name)) << name;
    for (const char* name : {"", "otel", ".a", "a.", "a b.c", "https://h.x/y"}) {
        EXPECT_FALSE(is_python(name)) << name;
    }
}

}  // namespace
}  // namespace patchbay
