// Bytes of a plugin's process are safe whatever they are: frames, actions that are replayed into a
// recorder, and events. An event that can be read is written again as it was.
#include <string>

#include "contract/actions/no_results.hpp"
#include "contract/actions/recorder.hpp"
#include "engine/isolation/action_codec.hpp"
#include "engine/isolation/event_codec.hpp"
#include "fuzz.hpp"

using namespace patchbay;
using namespace patchbay::isolation;
using fuzz::require;

namespace {

void replay(std::string_view bytes, Role role) {
    NoResults results(false);
    Recorder recorder(role, role == Role::provider ? &results : nullptr, "client's body", true);
    if (role == Role::guardrail) recorder.ask({.stream = true, .last = false, .texts = 2}, true);
    Reader from(bytes);
    const bool whole = replay_actions(from, recorder.out());
    require(!whole || (from.at_end() && !from.failed()), "all was read");
}

void read(std::string_view bytes) {
    ReadEvent event;
    Reader from(bytes);
    if (!event.read(from)) return;
    std::string again;
    Writer to(again);
    require(write_event(to, event.event()), "its type is known");
    ReadEvent other;
    Reader back(again);
    require(other.read(back), "what was written can be read");
    std::string third;
    Writer last(third);
    require(write_event(last, other.event()) && third == again, "as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes = fuzz::text_of(data, size);
    Frame frame;
    if (take_frame(bytes, frame) == FrameStatus::whole) {
        require(frame.size <= size && frame.payload.size() + kHeaderSize == frame.size, "a frame");
    }
    for (const Role role : {Role::provider, Role::guardrail, Role::logger, Role::refresh}) {
        replay(bytes, role);
    }
    read(bytes);
    return 0;
}
