// What becomes of the answer to a request that is passed on: the host forwards it as it comes, and what is no answer
// of the API becomes a failure.
#pragma once

#include <optional>
#include <patchbay/exchange.h>
#include <string_view>

#include "failure.hpp"

namespace patchbay::shared {

/// An API that clients speak to its provider. All of it lives for ever.
struct PassedApi {
    std::string_view stream;     ///< what stands in the content type of its streams: "event-stream"
    std::string_view no_event;   ///< why a stream that holds something else is none
    std::string_view no_answer;  ///< likewise of a document
    /// An answer whose status is no success.
    Failure (*failure_of_answer)(const bay_ev_http& done);
    /// The error that stands where an answer was expected: in a message of a stream, or a document with a status of
    /// success. nullopt: it is none, so that nobody knows what it is.
    std::optional<Failure> (*error_in)(const bay_ev_http& answer);
};

/// One call's. The members take the events of a machine's only main call; not thread-safe.
class PassedAnswer {
  public:
    /// `whose`: who is called, for error texts; static. `streamed`: a stream was asked for.
    PassedAnswer(const PassedApi& api, std::string_view whose, bool streamed)
        : api_(api), whose_(whose), streamed_(streamed) {}

    bay_status head(const bay_ev_http& head, bay::Out out);
    /// While the answer passes through, only frames that are none of an answer come here.
    bay_status frame(const bay_ev_http& frame, bay::Out out);
    bay_status done(const bay_ev_http& done, bay::Out out);

  private:
    bay_status fail(const Failure& failure, bay::Out out);
    /// Fails with what `answer`, which is none of this API, says is wrong, else with `why`.
    bay_status refuse(const bay_ev_http& answer, std::string_view why, bay::Out out);

    const PassedApi& api_;
    std::string_view whose_;
    bool streamed_;
    bool passing_ = false;  ///< the host forwards the answer
    bool failed_ = false;
};

}  // namespace patchbay::shared
