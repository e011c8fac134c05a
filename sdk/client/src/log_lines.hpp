// Where the engine's log lines go in a process that is not ours.
#pragma once

#include "patchbay/abi.h"

namespace patchbay::client {

/// From now on lines go to `log`; nullptr: they stay where they go, at first nowhere. Any thread.
void send_log_lines(void(BAY_CALL* log)(void* ctx, std::uint32_t severity, bay_str line)
                        BAY_NOEXCEPT,
                    void* ctx);

}  // namespace patchbay::client
