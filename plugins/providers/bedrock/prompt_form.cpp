// SPDX-License-Identifier: Apache-2.0
// The facts are AWS's, "Inference request parameters and response fields for foundation models" and
// "Invoke your imported model"; the marks are those of the models' own chat templates, in LiteLLM's
// reading where there are several.
#include "prompt_form.hpp"

namespace patchbay::bedrock {

namespace {

constexpr PromptTemplate kTitanMarks{.system = {"\n\nUser: <admin>", "</admin>"},
                                     .user = {"\n\nUser: ", ""},
                                     .assistant = {"\n\nBot: ", ""},
                                     .open = "\n\nBot: "};
constexpr PromptTemplate kNoMarks{.between = "\n\n"};
constexpr PromptTemplate kLlamaMarks{
    .begin = "<|begin_of_text|>",
    .system = {"<|start_header_id|>system<|end_header_id|>\n\n", "<|eot_id|>"},
    .user = {"<|start_header_id|>user<|end_header_id|>\n\n", "<|eot_id|>"},
    .assistant = {"<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"},
    .open = "<|start_header_id|>assistant<|end_header_id|>\n\n",
    .trims = true};
constexpr PromptTemplate imported(PromptTemplate marks) {
    marks.bare_alone = true;
    return marks;
}
constexpr PromptTemplate kImportedLlamaMarks = imported(kLlamaMarks);
constexpr PromptTemplate kLlama4Marks{
    .begin = "<|begin_of_text|>",
    .system = {"<|header_start|>system<|header_end|>\n\n", "<|eot|>"},
    .user = {"<|header_start|>user<|header_end|>\n\n", "<|eot|>"},
    .assistant = {"<|header_start|>assistant<|header_end|>\n\n", "<|eot|>"},
    .open = "<|header_start|>assistant<|header_end|>\n\n",
    .trims = true};
constexpr PromptTemplate kMistralMarks{.begin = "<s>",
                                       .system = {"[INST] \n", " [/INST]\n"},
                                       .user = {"[INST] ", " [/INST]\n"},
                                       .assistant = {" ", "</s> "}};
constexpr PromptTemplate kDeepseekMarks{.begin = "<｜begin▁of▁sentence｜>",
                                        .user = {"<｜User｜>", ""},
                                        .assistant = {"<｜Assistant｜>", "<｜end▁of▁sentence｜>"},
                                        .open = "<｜Assistant｜><think>\n"};
constexpr PromptTemplate kQwenMarks{.system = {"<|im_start|>system\n", "<|im_end|>\n"},
                                    .user = {"<|im_start|>user\n", "<|im_end|>\n"},
                                    .assistant = {"<|im_start|>assistant\n", "<|im_end|>\n"},
                                    .open = "<|im_start|>assistant\n"};

constexpr Parameter kTitan[] = {{"temperature", "temperature"},
                                {"top_p", "topP"},
                                {"stop", "stopSequences"},
                                {"max_tokens", "maxTokenCount"},
                                {"max_completion_tokens", "maxTokenCount"}};
constexpr Parameter kJurassic[] = {{"temperature", "temperature"},
                                   {"top_p", "topP"},
                                   {"stop", "stopSequences"},
                                   {"max_tokens", "maxTokens"},
                                   {"max_completion_tokens", "maxTokens"}};
constexpr Parameter kCommand[] = {
    {"temperature", "temperature"},
    {"top_p", "p"},
    {"top_k", "k"},
    {"stop", "stop_sequences"},
    {"max_tokens", "max_tokens"},
    {"max_completion_tokens", "max_tokens"},
};
constexpr Parameter kCommandR[] = {
    {"temperature", "temperature"},
    {"top_p", "p"},
    {"top_k", "k"},
    {"stop", "stop_sequences"},
    {"max_tokens", "max_tokens"},
    {"max_completion_tokens", "max_tokens"},
    {"frequency_penalty", "frequency_penalty"},
    {"presence_penalty", "presence_penalty"},
    {"seed", "seed"},
};
constexpr Parameter kLlama[] = {{"temperature", "temperature"},
                                {"top_p", "top_p"},
                                {"max_tokens", "max_gen_len"},
                                {"max_completion_tokens", "max_gen_len"}};
constexpr Parameter kQwen[] = {{"temperature", "temperature"},
                               {"top_p", "top_p"},
                               {"top_k", "top_k"},
                               {"stop", "stop"},
                               {"max_tokens", "max_gen_len"},
                               {"max_completion_tokens", "max_gen_len"}};
constexpr Parameter kMistral[] = {{"temperature", "temperature"},
                                  {"top_p", "top_p"},
                                  {"top_k", "top_k"},
                                  {"stop", "stop"},
                                  {"max_tokens", "max_tokens"},
                                  {"max_completion_tokens", "max_tokens"}};
constexpr Parameter kDeepseek[] = {{"temperature", "temperature"},
                                   {"top_p", "top_p"},
                                   {"stop", "stop"},
                                   {"max_tokens", "max_tokens"},
                                   {"max_completion_tokens", "max_tokens"}};

/// Llama's answers, which all imported models give that take a prompt.
constexpr PromptForm llama_answers(const PromptTemplate& marks,
                                   std::span<const Parameter> parameters, bool thinks = false) {
    return {.prompt = "prompt",
            .marks = &marks,
            .parameters = parameters,
            .thinks = thinks,
            .text = "generation",
            .reason = "stop_reason",
            .read = "prompt_token_count",
            .written = "generation_token_count"};
}

}  // namespace

constinit const PromptForm kTitanForm{.prompt = "inputText",
                                      .marks = &kTitanMarks,
                                      .parameters = kTitan,
                                      .config = "textGenerationConfig",
                                      .list = "results",
                                      .text = "outputText",
                                      .reason = "completionReason",
                                      .read = "inputTextTokenCount",
                                      .written = "tokenCount"};
constinit const PromptForm kJurassicForm{.prompt = "prompt",
                                         .marks = &kNoMarks,
                                         .parameters = kJurassic,
                                         .list = "completions",
                                         .text = "data/text",
                                         .reason = "finishReason/reason"};
constinit const PromptForm kCommandForm{.prompt = "prompt",
                                        .marks = &kNoMarks,
                                        .parameters = kCommand,
                                        .says_stream = true,
                                        .list = "generations",
                                        .text = "text",
                                        .reason = "finish_reason",
                                        .over = "is_finished"};
constinit const PromptForm kCommandRForm{.prompt = "message",
                                         .marks = nullptr,
                                         .parameters = kCommandR,
                                         .text = "text",
                                         .reason = "finish_reason",
                                         .over = "is_finished"};
constinit const PromptForm kDeepseekForm{.prompt = "prompt",
                                         .marks = &kDeepseekMarks,
                                         .parameters = kDeepseek,
                                         .thinks = true,
                                         .list = "choices",
                                         .text = "text",
                                         .reason = "stop_reason"};
constinit const PromptForm kMistralForm{.prompt = "prompt",
                                        .marks = &kMistralMarks,
                                        .parameters = kMistral,
                                        .list = "outputs",
                                        .text = "text",
                                        .reason = "stop_reason"};
constinit const PromptForm kLlamaForm = llama_answers(kLlamaMarks, kLlama);
constinit const PromptForm kLlama4Form = llama_answers(kLlama4Marks, kLlama);
constinit const PromptForm kImportedLlamaForm = llama_answers(kImportedLlamaMarks, kLlama);
constinit const PromptForm kImportedDeepseekForm = llama_answers(kDeepseekMarks, kLlama, true);
constinit const PromptForm kImportedQwenForm = llama_answers(kQwenMarks, kQwen);

}  // namespace patchbay::bedrock
