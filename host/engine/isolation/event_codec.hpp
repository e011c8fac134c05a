// The events of the plugin ABI as bytes.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <span>

#include "engine/isolation/wire.hpp"
#include "patchbay/guardrail.h"

namespace patchbay::isolation {

/// False, with nothing usable written, for an event type that this file does not know.
bool write_event(Writer& to, const bay_event& event);

/// An event read back. Its texts point into the bytes it was read from, which must outlive it.
class ReadEvent {
  public:
    ReadEvent() = default;
    ReadEvent(const ReadEvent&) = delete;
    ReadEvent& operator=(const ReadEvent&) = delete;

    /// False if the bytes are no event; the event before is gone in either case.
    bool read(Reader& from);
    /// After a read() that was true.
    const bay_event& event() const { return *event_; }
    /// The request's parts, none for other events.
    std::span<const bay_part> parts() const;

  private:
    std::array<std::byte, 4096> first_;
    std::pmr::monotonic_buffer_resource memory_{first_.data(), first_.size()};
    const bay_event* event_ = nullptr;
};

}  // namespace patchbay::isolation
