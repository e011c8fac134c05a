// The end of a stream that failed when it had begun.
#pragma once

#include <cstdint>

#include "contract/error.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {

class Call;

/// Tells `error` in the client's API, as the last event of a stream of which `number` events were
/// told. The message is for the client.
void tell_stream_failure(const Call& call, const Error& error, std::uint64_t number,
                         const EmitEvent& emit);

}  // namespace patchbay
