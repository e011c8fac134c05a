// What the body of an InvokeModel request is: the own form of a family of models.
#pragma once

#include <string_view>

namespace patchbay::surface {

enum class InvokeForm {
    messages,  ///< Claude: Anthropic's Messages API
    converse,  ///< Nova: the same as Converse's
    chat,      ///< Mistral, Jamba, gpt-oss and imported models: OpenAI's chat API
    other,     ///< prompts in the form of one family, or nothing that can be asked
};

/// Reads it from the members: the id of a model may be any name of the gateway's. Any bytes are safe;
/// what is no JSON object is other.
InvokeForm invoke_form(std::string_view body);

}  // namespace patchbay::surface
