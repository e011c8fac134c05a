// The ends of choices that call tools.
#pragma once

#include <boost/json/object.hpp>

#include "patchbay/sdk/stream_end.hpp"

namespace patchbay::openai {

/// Servers end a choice with "stop" although it calls tools; so does OpenAI where a call was forced.
/// Agents go on at "tool_calls" alone, and LiteLLM tells that. Of one stream, or of one whole answer.
/// Not thread-safe.
class CallEnds {
  public:
    /// Mends the `finish_reason` of a choice in place, a whole one or that of a chunk. True if that
    /// changed it.
    bool mend(boost::json::object& choice);

  private:
    bay::Choices calling_ = 0;  ///< choices that have called a tool
};

}  // namespace patchbay::openai
