// Rewriting of the "messages" array for providers that do not take all of OpenAI's shapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace patchbay::openai {

/// What the rest of a request wants of its messages.
struct Additions {
    bool thinks = false;        ///< the model is to think
    bool openais = false;       ///< it is OpenAI's, which takes no long ids of calls
    bool ask_for_tool = false;  ///< a user message asks for a tool call
    /// One of OpenAI's reasoning models of the o-series: it knows "developer", and as LiteLLM has it no
    /// "system", whose words are a user's.
    bool o_series = false;
    std::string_view schema = {};  ///< JSON text: a user message asks for an answer of this schema
};

/// The new value of "messages", or nothing if it stays as it is. Parses only when a rule may apply:
/// without rules, only when a cache_control mark, is_error (which no tool message of OpenAI's has),
/// or a picture where OpenAI takes none is mentioned. A list of content parts becomes a string only
/// if every part is text.
std::optional<std::string> rewrite_messages(const MessageRules& rules, std::string_view json,
                                            const Additions& additions);

}  // namespace patchbay::openai
