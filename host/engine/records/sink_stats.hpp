// Counters of a log sink.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace patchbay {

/// Counters of one sink; written by the log thread, read by metrics.
struct SinkStats {
    std::string callback_name;
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> failures{0};  ///< deliveries that did not work
    std::atomic<std::uint64_t> dropped{0};   ///< records nobody will get: bound, disk, refused
    std::atomic<std::uint64_t> pending{0};   ///< records in the spool
    std::atomic<std::uint64_t> spooled_bytes{0};
};

}  // namespace patchbay
