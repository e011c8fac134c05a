// WebSockets: opened, sent to, closed; and the client's.
#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "contract/actions/abi_values.hpp"
#include "contract/actions/recorder.hpp"
#include "contract/http/url.hpp"

namespace patchbay {

namespace {

// A frame costs something beside its bytes.
constexpr std::size_t kFrameOverhead = 64;
// What is kept of a reason before it is cut to what a close can carry.
constexpr std::size_t kMaxReason = 1024;

bool is_frame(const Action& action) {
    return std::holds_alternative<WsSendAction>(action) ||
           std::holds_alternative<WsCloseAction>(action);
}

}  // namespace

Recorder::SocketState* Recorder::socket(std::uint32_t call) {
    const auto found = std::find_if(sockets_.begin(), sockets_.end(),
                                    [call](const SocketState& s) { return s.call == call; });
    return found == sockets_.end() ? nullptr : &*found;
}

bool Recorder::taken(std::uint32_t call) const {
    return std::find(call_ids_.begin(), call_ids_.end(), call) != call_ids_.end() ||
           std::any_of(sockets_.begin(), sockets_.end(),
                       [call](const SocketState& s) { return s.call == call; });
}

// Frames and closes are done at once, so they do not count.
bool Recorder::pending_full() const {
    if (actions_.size() + under_way_ < kMaxPending) return false;
    const auto frames = std::count_if(actions_.begin(), actions_.end(), is_frame);
    return actions_.size() - static_cast<std::size_t>(frames) + under_way_ >= kMaxPending;
}

void Recorder::begin_socket_event(const bay_event& event, std::size_t waiting) {
    if (sockets_.empty()) return;
    if (actions_.empty()) {
        frames_ = 0;
        frame_bytes_ = waiting;
    }
    if (event.type != BAY_EV_WS_CLOSE && event.type != BAY_EV_CLIENT_CLOSE) return;
    if (SocketState* s = socket(reinterpret_cast<const bay_ev_ws&>(event).call)) s->closed = true;
}

bay_status Recorder::record_want(std::uint32_t bits) {
    if (finished_) return BAY_E_STATE;
    constexpr std::uint32_t kKnown = BAY_WANT_CANCEL | BAY_WANT_CLIENT_FRAMES;
    if ((bits & ~kKnown) != 0) return BAY_E_UNSUPPORTED;
    if ((bits & BAY_WANT_CLIENT_FRAMES) == 0) {
        wants_cancel_ = wants_cancel_ || (bits & BAY_WANT_CANCEL) != 0;
        return BAY_OK;
    }
    if (role_ != Role::realtime || socket(0) != nullptr) return BAY_E_STATE;
    if (pending_full()) return over("actions at a time");
    sockets_.push_back({0, false});
    actions_.emplace_back(AcceptAction{});
    wants_cancel_ = wants_cancel_ || (bits & BAY_WANT_CANCEL) != 0;
    return BAY_OK;
}

bay_status Recorder::record_ws_open(const bay_ws_req& request) {
    if (finished_) return BAY_E_STATE;
    if (role_ != Role::provider && role_ != Role::realtime) return BAY_E_UNSUPPORTED;
    const auto url = http::http_form(view(request.url));
    if (request.call == 0 || !url || taken(request.call)) return BAY_E_INVALID;
    if (sockets_.size() >= kMaxSockets) return over("sockets of an exchange");
    if (pending_full()) return over("actions at a time");
    if (request.header_count > kMaxHeaders) return over("headers of a call");
    if (request.header_count > 0 && request.headers == nullptr) return BAY_E_INVALID;
    std::size_t bytes = url->size() + view(request.subprotocols).size();
    for (std::uint64_t i = 0; i < request.header_count && bytes <= kMaxBytes; ++i) {
        bytes += view(request.headers[i].name).size() + view(request.headers[i].value).size();
    }
    if (!room_for(bytes)) return over("bytes of an exchange");
    if (egress_ != nullptr && !egress_->allows(*url, base_url_)) {
        if (denied_.size() < kMaxPending) denied_.emplace_back(origin_of(view(request.url)));
        return BAY_E_DENIED;
    }
    WsOpenAction action{.call = request.call,
                        .idle_ms = request.idle_ms,
                        .url = keep({url->data(), url->size()}),
                        .headers = std::pmr::vector<http::Header>(&arena_),
                        .subprotocols = keep(request.subprotocols)};
    action.headers.reserve(request.header_count);
    for (std::uint64_t i = 0; i < request.header_count; ++i) {
        action.headers.push_back({keep(request.headers[i].name), keep(request.headers[i].value)});
    }
    sockets_.push_back({request.call, false});
    actions_.emplace_back(std::move(action));
    return BAY_OK;
}

bay_status Recorder::record_ws_send(std::uint32_t call, std::uint32_t opcode, bay_str data) {
    if (finished_) return BAY_E_STATE;
    const std::string_view bytes = view(data);
    if (opcode != BAY_WS_TEXT && opcode != BAY_WS_BINARY) return BAY_E_INVALID;
    const SocketState* to = socket(call);
    if (to == nullptr || to->closed) return BAY_E_STATE;
    if (opcode == BAY_WS_TEXT && !simdjson::validate_utf8(bytes.data(), bytes.size())) {
        return BAY_E_INVALID;
    }
    if (frames_ >= kMaxFrames) return over("frames at a time");
    if (frame_bytes_ > kMaxFrameBytes || bytes.size() > kMaxFrameBytes - frame_bytes_) {
        return over("bytes that wait to be sent");
    }
    ++frames_;
    frame_bytes_ += bytes.size() + kFrameOverhead;
    actions_.emplace_back(WsSendAction{call, opcode, std::string(bytes)});
    return BAY_OK;
}

bay_status Recorder::record_ws_close(std::uint32_t call, std::uint32_t code, bay_str reason) {
    if (finished_) return BAY_E_STATE;
    SocketState* what = socket(call);
    if (what == nullptr || what->closed) return BAY_E_STATE;
    what->closed = true;
    actions_.emplace_back(
        WsCloseAction{call, code, std::string(view(reason).substr(0, kMaxReason))});
    return BAY_OK;
}

}  // namespace patchbay
