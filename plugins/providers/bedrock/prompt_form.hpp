// SPDX-License-Identifier: Apache-2.0
// The families whose InvokeModel takes a prompt: how it is asked, and where its answer stands.
#pragma once

#include <span>
#include <string_view>

#include "prompt_template.hpp"

namespace patchbay::bedrock {

/// A parameter of OpenAI's under the family's name.
struct Parameter {
    std::string_view openai;
    std::string_view own;
};

/// Everything of a family that is not code. Places are names of members, one in another with "/" between.
struct PromptForm {
    std::string_view prompt;  ///< the member of the request that holds the prompt
    /// nullptr: what the user says last is the prompt, and what was before stands beside it (Command R)
    const PromptTemplate* marks;
    std::span<const Parameter> parameters;  ///< of two for one name the later wins
    std::string_view config = {};           ///< the object that holds them; empty: the body itself
    bool says_stream = false;               ///< `stream` stands in the body of a streamed request
    bool thinks = false;                    ///< the answer begins with thoughts, up to </think>

    std::string_view list =
        {};  ///< of whole answers, and of some streams: the answer is its first element
    std::string_view text;          ///< in the answer
    std::string_view reason;        ///< why it ended, likewise
    std::string_view over = {};     ///< true in the last chunk of a stream
    std::string_view read = {};     ///< tokens of the prompt, beside the list
    std::string_view written = {};  ///< those of the answer, in it
};

extern const PromptForm kTitanForm;
extern const PromptForm kJurassicForm;
extern const PromptForm kCommandForm;
extern const PromptForm kCommandRForm;
extern const PromptForm kDeepseekForm;
extern const PromptForm kLlamaForm;
extern const PromptForm kLlama4Form;
extern const PromptForm kMistralForm;
extern const PromptForm kImportedLlamaForm;
extern const PromptForm kImportedDeepseekForm;
extern const PromptForm kImportedQwenForm;

}  // namespace patchbay::bedrock
