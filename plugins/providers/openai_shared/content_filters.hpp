// What Azure's content filters found, where OpenAI's clients do not trip over it.
//
// Azure says of each choice what its filters found, and of the prompt in an event of its own, without
// choices, which begins a stream and which LiteLLM's clients do not see; asynchronous filters send
// choices without a delta, behind the words that they are about. Clients that were made for OpenAI's
// API read the first choice of every event and its delta.
#pragma once

#include <boost/json/object.hpp>

namespace patchbay::openai {

/// The findings go to the choice's "provider_specific_fields", under their own names; a choice of an
/// event (`streamed`) gets the delta that it lacks. True if that changed anything.
bool move_findings(boost::json::object& choice, bool streamed);

/// True if an event of a stream says nothing but what was found in the prompt: it must not be sent.
bool is_about_prompt(const boost::json::object& event);

}  // namespace patchbay::openai
