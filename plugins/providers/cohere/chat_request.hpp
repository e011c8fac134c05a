// A chat completion request in the words of Cohere's Chat API (v2).
//
// Messages, tools and most parameters are OpenAI's in both; what differs is said by the dialect
// (names, support, schemas) and by the values here.
#pragma once

#include <string>

#include "openai_shared/dialect.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::cohere {

/// How Cohere's chat differs from OpenAI's, as far as it is a table.
openai::Dialect own_dialect();

/// The body to send. A tool_choice that names a function leaves that tool alone in the request and
/// asks for a call; thinking and reasoning_effort become Cohere's switch with a budget. `dropped`
/// gets what is not sent although it says something.
openai::Written<std::string> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect, bay::Dropped& dropped);

}  // namespace patchbay::cohere
