// What Azure's content filters found, where OpenAI's clients do not trip over it.
//
// Azure says of each choice what its filters found, and of the prompt in an event of its own, without
// choices, which begins a stream; asynchronous filters send choices without a delta, behind the words
// that they are about. Clients that were made for OpenAI's API read the first choice of every event
// and its delta.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace patchbay::openai {

/// The findings go to the choice's "provider_specific_fields", under their own names; a choice of an
/// event (`streamed`) gets the delta that it lacks. True if that changed anything.
bool move_findings(boost::json::object& choice, bool streamed);

/// What the filters of one stream found in the prompt.
class PromptFindings {
  public:
    /// True if the event says nothing else: it is kept, and must not be sent.
    bool take(boost::json::object& event);
    /// Puts what was kept into the next event, as the member "prompt_filter_results" that whole
    /// answers have. True if that changed anything.
    bool give(boost::json::object& event);

  private:
    boost::json::value kept_;  ///< null: nothing
};

}  // namespace patchbay::openai
