#include "engine/isolation/event_codec.hpp"

#include <new>
#include <type_traits>

#include "engine/isolation/fields.hpp"
#include "patchbay/logger.h"

namespace patchbay::isolation {

namespace {

template <class Event>
struct Type {
    using type = Event;
};

/// Calls `call` with the Type of the struct of an event; false if this file does not know it.
template <class Call>
bool with_type(std::uint32_t type, const Call& call) {
    switch (type) {
        case BAY_EV_REQUEST:
            call(Type<bay_ev_request>());
            return true;
        case BAY_EV_INSPECT:
            call(Type<bay_ev_inspect>());
            return true;
        case BAY_EV_BATCH:
            call(Type<bay_ev_batch>());
            return true;
        case BAY_EV_REFRESH:
            call(Type<bay_ev_refresh>());
            return true;
        case BAY_EV_HTTP_HEAD:
        case BAY_EV_HTTP_DATA:
        case BAY_EV_HTTP_FRAME:
        case BAY_EV_HTTP_DONE:
            call(Type<bay_ev_http>());
            return true;
        case BAY_EV_WS_OPEN:
        case BAY_EV_WS_FRAME:
        case BAY_EV_WS_CLOSE:
        case BAY_EV_CLIENT_FRAME:
        case BAY_EV_CLIENT_CLOSE:
            call(Type<bay_ev_ws>());
            return true;
        case BAY_EV_SHARED:
            call(Type<bay_ev_shared>());
            return true;
        case BAY_EV_TIMER:
            call(Type<bay_ev_timer>());
            return true;
        case BAY_EV_CANCEL:
            call(Type<bay_ev_cancel>());
            return true;
        default:
            return false;
    }
}

}  // namespace

bool write_event(Writer& to, const bay_event& event) {
    to.number(event.type);
    return with_type(event.type, [&](auto type) {
        FieldWriter writer(to);
        fields(writer, reinterpret_cast<const typename decltype(type)::type&>(event));
    });
}

bool ReadEvent::read(Reader& from) {
    event_ = nullptr;
    memory_.release();
    FieldReader reader(from, memory_);
    const auto number = from.number<std::uint32_t>();
    const bool known = with_type(number, [&](auto type) {
        using Event = typename decltype(type)::type;
        auto* event = new (memory_.allocate(sizeof(Event), alignof(Event))) Event{};
        event->h = {sizeof *event, number};
        fields(reader, *event);
        event_ = &event->h;
    });
    return known && !from.failed() && from.at_end();
}

std::span<const bay_part> ReadEvent::parts() const {
    if (event_->type != BAY_EV_REQUEST) return {};
    const auto& request = reinterpret_cast<const bay_ev_request&>(*event_);
    return {request.parts, static_cast<std::size_t>(request.part_count)};
}

}  // namespace patchbay::isolation
