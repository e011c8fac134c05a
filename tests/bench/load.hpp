// The load generator's two modes. Both speak HTTP/1.1 with keep-alive on one thread and print one
// line of JSON when they end.
#pragma once

#include <cstdint>
#include <string>

namespace patchbay::bench {

struct LoadOptions {
    std::uint16_t port = 0;
    std::string request;  ///< the whole request, head and body
    int connections = 1;
    std::uint64_t duration_ns = 0;  ///< no request is begun later; those under way are finished
    std::uint64_t timeout_ns = 0;  ///< of one request; one that takes longer ends the run as failed
    std::string expect;            ///< bytes that every answer's body must hold
    std::string done;              ///< streams: bytes of the event that says that it is whole
    /// Every answer must hold this mark with a whole number after it, and always the same number.
    /// Empty = nothing is looked for.
    std::string same;

    // whole only
    double rate = 0;  ///< requests begun per second, whether answers came or not; 0 = closed loop

    // stream only
    long events = 0;            ///< content events that every stream must bring
    bool once = false;          ///< one stream per connection, whatever the duration
    std::uint64_t ramp_ns = 0;  ///< the connections begin at random times within this
    std::uint64_t late_ns = 0;  ///< events delayed by more than this are counted
};

/// Closed loop: each connection sends its next request when the answer before is complete; with a
/// rate, any free connection sends when a request is due, and what is late is made up for. An
/// answer that is not 200, lacks `expect` or is cut counts as failed. Returns the process's exit
/// status.
int load_whole(const LoadOptions& options);

/// Streams of server-sent events. Every event that the bench upstream sends carries the time it was
/// sent
/// (`"t=<ns>"`), so its delay is known exactly. A stream that lacks events or the final [DONE]
/// counts as failed.
int load_stream(const LoadOptions& options);

}  // namespace patchbay::bench
