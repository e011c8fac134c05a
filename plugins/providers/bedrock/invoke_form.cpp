// SPDX-License-Identifier: Apache-2.0
#include "invoke_form.hpp"

#include <algorithm>
#include <iterator>

#include "prompt_form.hpp"

namespace patchbay::bedrock {

namespace {

// AWS, "Inference request parameters and response fields for foundation models". The first row that
// fits counts; what AWS has added since is asked as OpenAI's clients ask, as all newer ones are.
constexpr InvokeForm kInvokeForms[] = {
    {"anthropic.", Body::messages},
    {"amazon.nova", Body::nova},
    {"amazon.titan", Body::prompt, &kTitanForm},
    {"ai21.j2", Body::prompt, &kJurassicForm},
    {"cohere.command-r", Body::prompt, &kCommandRForm},
    {"cohere.command", Body::prompt, &kCommandForm},
    {"deepseek.r1", Body::prompt, &kDeepseekForm},
    {"meta.llama4", Body::prompt, &kLlama4Form},
    {"meta.", Body::prompt, &kLlamaForm},
    {"mistral.mistral-7b", Body::prompt, &kMistralForm},
    {"mistral.mixtral", Body::prompt, &kMistralForm},
    {"mistral.mistral-small-2402", Body::prompt, &kMistralForm},
    {"mistral.mistral-large-2402", Body::prompt, &kMistralForm},
    {"openai.", Body::openai},
    {"", Body::chat},
};

// LiteLLM's words for imported models ("Custom Model Import").
constexpr InvokeForm kImported[] = {
    {"llama", Body::prompt, &kImportedLlamaForm},
    {"deepseek_r1", Body::prompt, &kImportedDeepseekForm},
    {"qwen2", Body::prompt, &kImportedQwenForm},
    {"qwen3", Body::prompt, &kImportedQwenForm},
    {"openai", Body::openai, nullptr, true},
};

}  // namespace

const InvokeForm* invoke_form_of(std::string_view name) {
    return std::find_if(std::begin(kInvokeForms), std::end(kInvokeForms),
                        [&](const InvokeForm& row) { return name.starts_with(row.name); });
}

const InvokeForm* imported_form(std::string_view word) {
    const auto* row = std::find_if(std::begin(kImported), std::end(kImported),
                                   [&](const InvokeForm& one) { return one.name == word; });
    return row == std::end(kImported) ? nullptr : row;
}

const InvokeForm* unnamed_form() {
    return invoke_form_of("anthropic.");
}

}  // namespace patchbay::bedrock
