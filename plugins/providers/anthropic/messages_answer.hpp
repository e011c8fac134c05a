// SPDX-License-Identifier: Apache-2.0
// What becomes of the answer to a request of the Messages API that is passed on: the host forwards it,
// and what is none becomes a failure. For machines of every provider that serves Claude so.
#pragma once

#include <string_view>

#include "patchbay/sdk/machine.hpp"

namespace patchbay::anthropic {

/// One call's. The members take the events of a machine's only main call; not thread-safe.
class MessagesAnswer {
  public:
    /// `whose`: who is called, for error texts; static. `streamed`: a stream was asked for.
    MessagesAnswer(std::string_view whose, bool streamed) : whose_(whose), streamed_(streamed) {}

    bay_status head(const bay_ev_http& head, bay::Out out);
    /// While the answer passes through, only frames that are none of an answer come here.
    bay_status frame(const bay_ev_http& frame, bay::Out out);
    bay_status done(const bay_ev_http& done, bay::Out out);

  private:
    /// Fails with what `data`, which is no answer, says is wrong, else with `why`.
    bay_status refuse(const bay_ev_http& answer, std::string_view why, bay::Out out);

    std::string_view whose_;
    bool streamed_;
    bool passing_ = false;  ///< the host forwards the answer
    bool finished_ = false;
};

}  // namespace patchbay::anthropic
