// What a sink's answer means for the records that were sent to it.
//
//     2xx                                  delivered
//     400, 413, 422                        these bytes will always be refused
//     everything else, and no answer       not now: the host keeps the records and tries again
//
// "Everything else" has a wrong key and a wrong address in it on purpose: the operator will put
// that right, and nothing should be lost by then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchbay/sdk/out.hpp"

namespace patchbay::sink {

/// Why something was not taken.
struct Refusal {
    std::uint32_t cls = BAY_ERR_UPSTREAM;  ///< BAY_ERR_*
    std::int32_t status = 0;               ///< HTTP, 0 if there was no answer
    std::uint32_t retry_after_ms = 0;
    std::string message;
    /// True if it would always be refused.
    bool final() const { return cls == BAY_ERR_BAD_REQUEST; }
};

/// The class of a status that is not 2xx, by the table above.
std::uint32_t class_of(std::int32_t status);

/// Nothing if the call went well. `answer` is the last event of a call.
std::optional<Refusal> refusal_of(const bay_ev_http& answer);
/// Of one record in an answer that speaks of several.
Refusal refusal_of_status(std::int32_t status);

/// Ends the exchange: no record of the batch is delivered.
bay_status fail(bay::Out out, const Refusal& why);

/// The records of one batch that are told apart: each is delivered, comes again, or is dropped.
class Tally {
  public:
    /// A record that is sent. Indexes rise.
    void add(std::uint32_t index, std::string_view id);
    std::size_t size() const { return sent_.size(); }

    /// Something of this record was not taken. What is to come again goes before what never can.
    void refused(std::uint32_t index, const Refusal& why);

    /// Ends the exchange. What is refused for good is dropped with a log line; a batch of which
    /// nothing was taken fails as a whole, so that the host waits, and counts a single record that
    /// it drops.
    bay_status finish(bay::Out out) const;

  private:
    struct Sent {
        std::uint32_t index = 0;
        std::string id;
        std::optional<Refusal> why;
    };
    std::vector<Sent> sent_;
};

}  // namespace patchbay::sink
