// The events of the plugin ABI as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/isolation/wire.hpp"
#include "patchbay/guardrail.h"
#include "patchbay/logger.h"

namespace patchbay::isolation {

/// False, with nothing usable written, for an event type that this file does not know.
bool write_event(Writer& to, const bay_event& event);

/// An event read back. Its views point into the bytes it was read from, which must outlive it.
class ReadEvent {
  public:
    /// False if the bytes are no event.
    bool read(Reader& from);
    const bay_event& event() const { return *event_; }
    /// The request's parts, none for other events.
    std::span<const bay_part> parts() const;

  private:
    /// Into target_; nullptr if there is none.
    const bay_target* read_target(Reader& from);
    void read_request(Reader& from);
    void read_inspect(Reader& from);
    void read_batch(Reader& from);
    void read_http(Reader& from);

    const bay_event* event_ = nullptr;
    union {
        bay_ev_request request_;
        bay_ev_inspect inspect_;
        bay_ev_batch batch_;
        bay_ev_refresh refresh_;
        bay_ev_http http_;
        bay_ev_ws ws_;
        bay_ev_shared shared_;
        bay_ev_timer timer_;
        bay_ev_cancel cancel_;
    };
    bay_target target_;
    std::vector<bay_kv> headers_, ids_, query_;
    std::vector<bay_part> parts_;
    std::vector<bay_member> members_;
    std::vector<bay_text> texts_;
    std::vector<bay_record> records_;
    std::vector<const bay_record*> record_pointers_;
};

/// Header lists, for both directions.
void write_headers(Writer& to, const bay_kv* headers, std::uint64_t count);
void read_headers(Reader& from, std::vector<bay_kv>& headers);

}  // namespace patchbay::isolation
