// Tested by tests/e2e/test_responses.py and test_messages.py.
#include "engine/call/stream_failure.hpp"

#include "engine/call/call.hpp"

namespace patchbay {

void tell_stream_failure(const Call& call, const Error& error, std::uint64_t number,
                         const EmitEvent& emit) {
    if (call.translator && call.translator->fail(error, emit)) return;
    const Surface& surface = call.surface;
    emit(
        surface.stream_error_name ? surface.stream_error_name(error) : "error",
        surface.stream_error ? surface.stream_error(error, number) : surface.error(error, call.id));
}

}  // namespace patchbay
