// SPDX-License-Identifier: Apache-2.0
// In which form a model is asked by InvokeModel: every family has a body of its own there.
#pragma once

#include <string_view>

namespace patchbay::bedrock {

struct PromptForm;

/// What the body of a family's InvokeModel is.
enum class Body {
    messages,  ///< Anthropic's Messages API
    nova,      ///< nearly Converse's
    chat,      ///< OpenAI's chat API, without the model and with `max_tokens`
    openai,    ///< the same as OpenAI has it
    prompt,    ///< one text that holds the conversation
};

/// A row; the table is in invoke_form.cpp.
struct InvokeForm {
    std::string_view
        name;  ///< the beginning of a model's name, or the word before an imported one's ARN
    Body body;
    const PromptForm* prompt = nullptr;  ///< of Body::prompt
    bool plain_colons =
        false;  ///< an ARN's colons stand in the address as they are, as LiteLLM has it
};

/// The form of models with that name, which has no region's prefix; never nullptr.
const InvokeForm* invoke_form_of(std::string_view name);

/// The form of an imported model, of which an operator says what it is: "llama", "qwen3". nullptr if the
/// word says nothing of the kind.
const InvokeForm* imported_form(std::string_view word);

/// The form of a model that says nothing of itself, as an application's inference profile.
const InvokeForm* unnamed_form();

}  // namespace patchbay::bedrock
