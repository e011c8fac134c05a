// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "invoke_form.hpp"
#include "model.hpp"
#include "prompt_answer.hpp"
#include "prompt_request.hpp"

namespace patchbay::bedrock {
namespace {

constexpr std::string_view kTalk =
    R"([{"role":"system","content":"S"},{"role":"user","content":" U "},)"
    R"({"role":"assistant","content":"A"},{"role":"user","content":"V"}])";

json::value body_of(const PromptForm& form, std::string_view messages, std::string_view more = "") {
    RequestOptions options;
    options.asked = "m";
    const auto call = prompt_request(
        std::string(R"({"model":"m","messages":)").append(messages).append(more).append("}"), form,
        false, options);
    EXPECT_TRUE(call) << (call ? "" : call.error().message);
    return call ? json::parse(call->body) : json::value();
}

std::string prompt(const PromptForm& form, std::string_view messages) {
    const auto body = body_of(form, messages);
    return std::string(text(body.if_object(), form.prompt));
}

TEST(Prompt, EveryFamilyHasMarksOfItsOwn) {
    EXPECT_EQ(prompt(kTitanForm, kTalk),
              "\n\nUser: <admin>S</admin>\n\nUser:  U \n\nBot: A\n\nUser: V\n\nBot: ");
    EXPECT_EQ(prompt(kJurassicForm, kTalk), "S\n\n U \n\nA\n\nV");
    EXPECT_EQ(prompt(kLlamaForm, kTalk),
              "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
              "<|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|>"
              "<|start_header_id|>user<|end_header_id|>\n\nV<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\n");
    EXPECT_EQ(prompt(kMistralForm, kTalk),
              "<s>[INST] \nS [/INST]\n[INST]  U  [/INST]\n A</s> [INST] V [/INST]\n");
    EXPECT_EQ(prompt(kDeepseekForm, kTalk),
              "<｜begin▁of▁sentence｜>S<｜User｜> U <｜Assistant｜>A<｜end▁of▁sentence｜>"
              "<｜User｜>V<｜Assistant｜><think>\n");
    EXPECT_EQ(prompt(kImportedQwenForm, kTalk),
              "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n U <|im_end|>\n"
              "<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n"
              "<|im_start|>assistant\n");
}

TEST(Prompt, ALastTurnOfTheModelsStaysOpen) {
    constexpr std::string_view kBegun =
        R"([{"role":"user","content":"U"},{"role":"assistant","content":"A"}])";
    EXPECT_EQ(prompt(kImportedQwenForm, kBegun),
              "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA");
    EXPECT_EQ(prompt(kMistralForm, kBegun), "<s>[INST] U [/INST]\n A");
}

TEST(Prompt, OneMessageToAnImportedLlamaIsThePrompt) {
    constexpr std::string_view kAlone = R"([{"role":"user","content":" U"}])";
    EXPECT_EQ(prompt(kImportedLlamaForm, kAlone), " U");
    EXPECT_NE(prompt(kLlamaForm, kAlone), " U");
    EXPECT_EQ(prompt(kImportedLlamaForm, kTalk), prompt(kLlamaForm, kTalk));
}

TEST(Prompt, AMessageThatNoTextCanSayIsRefusedWithItsPlace) {
    const struct {
        const char* messages;
        const char* place;
    } cases[] = {
        {"[]", "messages"},
        {"{}", "messages"},
        {"[1]", "messages[0]"},
        {R"([{"role":"x","content":""}])", "messages[0].role"},
        {R"([{"role":"user","content":1}])", "messages[0].content"},
        {R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"}]}])",
         "messages[0].content[1]"},
        {R"([{"role":"user","content":""},{"role":"tool","content":"r"}])", "messages[1]"},
        {R"([{"role":"assistant","function_call":{}}])", "messages[0]"},
    };
    for (const auto& one : cases) {
        const auto call = prompt_request(
            std::string(R"({"messages":)").append(one.messages).append("}"), kLlamaForm, false, {});
        ASSERT_FALSE(call) << one.messages;
        EXPECT_EQ(call.error().cls, BAY_ERR_BAD_REQUEST);
        EXPECT_EQ(call.error().param, one.place) << one.messages;
    }
}

TEST(Prompt, ParametersHaveTheFamilysNames) {
    const auto titan = body_of(kTitanForm, kTalk, R"(,"max_tokens":5,"stop":"X","own":1)");
    EXPECT_EQ(titan.at("textGenerationConfig"),
              json::parse(R"({"maxTokenCount":5,"stopSequences":["X"],"own":1})"));
    const auto llama = body_of(
        kLlamaForm, kTalk, R"(,"max_tokens":5,"max_completion_tokens":7,"extra_body":{"own":1})");
    EXPECT_EQ(llama.at("max_gen_len"), 7);
    EXPECT_EQ(llama.at("own"), 1);
    EXPECT_FALSE(llama.as_object().contains("max_tokens"));
    const auto wrong = prompt_request(R"({"messages":[{"role":"user","content":""}],"top_p":"x"})",
                                      kLlamaForm, false, {});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().param, "top_p");
}

TEST(Prompt, AnswersStandWhereTheFamilyHasThem) {
    const auto titan = read_piece(
        R"({"inputTextTokenCount":3,"results":[{"tokenCount":2,"outputText":"a","completionReason":"LENGTH"}]})",
        kTitanForm, true);
    ASSERT_TRUE(titan);
    EXPECT_EQ(titan->text, "a");
    EXPECT_EQ(finish_reason_of(titan->reason), "length");
    EXPECT_EQ(titan->tokens.read, 3U);
    EXPECT_EQ(titan->tokens.written, 2U);
    const auto chunk = read_piece(
        R"({"outputText":"a","completionReason":null,"amazon-bedrock-invocationMetrics":{"inputTokenCount":3,"outputTokenCount":4}})",
        kTitanForm, false);
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->text, "a");
    EXPECT_TRUE(chunk->over);
    EXPECT_EQ(chunk->tokens.written, 4U);
    for (const char* other :
         {"", "[]", "{}", R"({"results":[1]})", R"({"results":[{"outputText":1}]})"})
        EXPECT_FALSE(read_piece(other, kTitanForm, true)) << other;
}

TEST(Prompt, ReasonsThatSayMoreThanOpenAIsAreTold) {
    EXPECT_EQ(finish_reason_of("ERROR_TOXIC"), "content_filter");
    EXPECT_EQ(telling_word("ERROR_TOXIC"), "ERROR_TOXIC");
    EXPECT_EQ(finish_reason_of("new"), "stop");
    EXPECT_EQ(telling_word("new"), "new");
    EXPECT_EQ(telling_word("COMPLETE"), "");
    EXPECT_EQ(telling_word(""), "");
    EXPECT_TRUE(is_fault("ERROR"));
    EXPECT_FALSE(is_fault("COMPLETE"));
}

TEST(InvokeForm, IsThatOfTheFamilyOrOfTheWordBeforeAnImportedModel) {
    const struct {
        const char* written;
        Body body;
        const PromptForm* prompt;
    } cases[] = {
        {"invoke/us.anthropic.claude-x", Body::messages, nullptr},
        {"invoke/arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc", Body::messages,
         nullptr},
        {"invoke/us.amazon.nova-lite-v1:0", Body::nova, nullptr},
        {"invoke/cohere.command-r-v1:0", Body::prompt, &kCommandRForm},
        {"invoke/cohere.command-light-text-v14", Body::prompt, &kCommandForm},
        {"invoke/meta.llama4-scout", Body::prompt, &kLlama4Form},
        {"invoke/mistral.mistral-large-2402-v1:0", Body::prompt, &kMistralForm},
        {"invoke/mistral.mistral-large-2407-v1:0", Body::chat, nullptr},
        {"invoke/openai.gpt-oss-20b-1:0", Body::openai, nullptr},
        {"invoke/acme.new", Body::chat, nullptr},
        {"openai/arn:aws:bedrock:eu-west-1:1:imported-model/abc", Body::openai, nullptr},
        {"qwen2/arn:aws:bedrock:eu-west-1:1:imported-model/abc", Body::prompt, &kImportedQwenForm},
    };
    for (const auto& one : cases) {
        const auto model = model_of(one.written, {});
        ASSERT_TRUE(model) << one.written;
        EXPECT_EQ(model->api, Api::invoke) << one.written;
        EXPECT_EQ(model->form->body, one.body) << one.written;
        EXPECT_EQ(model->form->prompt, one.prompt) << one.written;
    }
}

}  // namespace
}  // namespace patchbay::bedrock
