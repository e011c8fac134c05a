// The first event of an exchange.
#pragma once

#include <string_view>

#include "machine.hpp"

namespace patchbay::transcript {

/// REQUEST; `body` is the client's, and lives as long as the machine. Once.
void start_request(Machine& machine, const Transcript& transcript, std::string_view body);
/// REFRESH of a shared value.
void start_refresh(Machine& machine, const Transcript& transcript);
/// BATCH.
void start_batch(Machine& machine, const Transcript& transcript);

}  // namespace patchbay::transcript
