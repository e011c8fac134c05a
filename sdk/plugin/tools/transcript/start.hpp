// The first event of an exchange.
#pragma once

#include <string_view>

#include "machine.hpp"

namespace patchbay::transcript {

/// REQUEST; `json` is the client's body.
void start_request(Machine& machine, const Transcript& transcript, std::string_view json);
/// REFRESH of a shared value.
void start_refresh(Machine& machine, const Transcript& transcript);
/// BATCH.
void start_batch(Machine& machine, const Transcript& transcript);

}  // namespace patchbay::transcript
