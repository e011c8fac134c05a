#include "machine.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "contract/actions/status_name.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

using bay::str;

constexpr std::size_t kMaxEvents = 1'000'000;  // a machine that sets timers for ever

Role role_of(const PluginFile& file, const Transcript& transcript) {
    if (transcript.refresh) return Role::refresh;
    const bool session = answer_form(transcript.operation).as == AnswerAs::socket;
    switch (file.component(transcript).kind) {
        case Kind::guardrail:
            return Role::guardrail;
        case Kind::logger:
            return Role::logger;
        default:
            return session ? Role::realtime : Role::provider;
    }
}

bool answers_a_client(Role role) {
    return role == Role::provider || role == Role::realtime;
}

}  // namespace

Machine::Machine(PluginFile& file, const Transcript& transcript, std::string_view blob,
                 std::size_t max_events)
    : Machine(file, transcript, blob, max_events, role_of(file, transcript),
              answer_form(transcript.operation)) {}

Machine::Machine(PluginFile& file, const Transcript& transcript, std::string_view blob,
                 std::size_t max_events, Role role, const AnswerForm& form)
    : results_(form.takes_bytes()),
      recorder(role, answers_a_client(role) ? &results_ : nullptr,
               answers_a_client(role) ? blob : std::string_view(),
               (transcript.flags & BAY_REQ_STREAM) != 0, *form.shape),
      file_(file),
      component_(file.component(transcript)),
      max_events_(std::min(max_events, kMaxEvents)) {
    create(transcript);
    try {
        open(transcript);
    } catch (...) {
        component_.table->destroy(instance_);
        throw;
    }
}

Machine::~Machine() {
    component_.table->close(exchange_);
    component_.table->destroy(instance_);
}

void Machine::create(const Transcript& transcript) {
    bay_create_info info{};
    info.size = sizeof info;
    info.component = str(component_.id);
    info.name = str("transcript");
    info.config = str(transcript.config);
    Diagnostics diagnostics;
    const bay_status status = component_.table->create(&info, diagnostics.table(), &instance_);
    if (status != BAY_OK || !instance_) {
        throw std::runtime_error("no instance of '" + component_.id + "' (status " +
                                 std::to_string(status) + ")" + diagnostics.text);
    }
}

void Machine::open(const Transcript& transcript) {
    bay_open_info info{};
    info.size = sizeof info;
    // A batch belongs to no request.
    if (component_.kind != Kind::logger) info.request_id = str("transcript-1");
    info.attempt = transcript.attempt;
    const bay_status status = component_.table->open(instance_, &info, &exchange_);
    if (status != BAY_OK || !exchange_) {
        throw std::runtime_error("open() failed with status " + std::to_string(status));
    }
}

void Machine::feed(const bay_event& event, std::uint32_t call, bool live) {
    deliver(event, call, live);
    while (!over() && !timers_.empty()) {
        const auto first =
            std::min_element(timers_.begin(), timers_.end(),
                             [](const Timer& a, const Timer& b) { return a.due_ms < b.due_ms; });
        bay_ev_timer fired{};
        fired.h = {sizeof fired, BAY_EV_TIMER};
        fired.timer = first->number;
        file_.host().now_ms = first->due_ms;
        timers_.erase(first);
        deliver(fired.h, 0, false);
    }
}

void Machine::cancel(std::uint32_t reason) {
    if (recorder.wants_cancel() && recorder.owing() && !over() && !spent()) {
        recorder.begin_cancel();
        bay_ev_cancel event{};
        event.h = {sizeof event, BAY_EV_CANCEL};
        event.reason = reason;
        hand(event.h, 0, false);
    }
    over_ = true;
}

void Machine::deliver(const bay_event& event, std::uint32_t call, bool live) {
    if (!over() && !spent()) hand(event, call, live);
}

// True, and the run is over, if there have been as many events as there may be.
bool Machine::spent() {
    if (events_ < max_events_) return false;
    if (max_events_ == kMaxEvents) {
        fault("never ends: " + std::to_string(kMaxEvents) + " events");
    }
    over_ = true;
    return true;
}

void Machine::hand(const bay_event& event, std::uint32_t call, bool live) {
    ++events_;
    const auto listening = static_cast<std::size_t>(std::count_if(
        sockets.begin(), sockets.end(), [](const Socket& socket) { return !socket.ended; }));
    recorder.begin_event(call, live, calls.size() + shared.size() + timers_.size() + listening);
    recorder.begin_socket_event(event, 0);
    const bay_status status = component_.table->feed(exchange_, &event, &recorder.out());
    for (; seen_ < recorder.written.size(); ++seen_) take_up(recorder.written[seen_]);
    recorder.hand_over();
    if (status != BAY_OK) {
        fault("feed() returned " + std::to_string(status) + std::string(named(status)));
    } else if (!results_.objects()) {
        fault("result() or chunk() was given what is no JSON object");
    }
}

void Machine::take_up(const Action& action) {
    if (action.kind == "http" && (action.flags & BAY_HTTP_DETACHED) == 0) {
        calls.push_back({action.number, action.decode, action.flags, action.text});
    } else if (action.kind == "timer") {
        timers_.push_back({action.number, file_.host().now_ms + action.after_ms});
    } else if (action.kind == "shared_get") {
        shared.push_back(action.key);
    } else if (action.kind == "ws_open") {
        sockets.push_back({action.number});
    } else if (action.kind == "accept") {
        sockets.push_back({.call = 0, .open = true});
    } else if (action.kind == "http_abort") {
        aborted.push_back(action.number);
    }
}

void Machine::fault(const std::string& what) {
    recorder.written.push_back({.kind = "fault", .text = what});
    over_ = true;
}

void Machine::forward(std::string_view key, std::string_view text, bool bytes) {
    auto& written = recorder.written;
    if (bytes && !written.empty() && written.back().kind == "forwarded") {
        written.back().text += text;
        return;
    }
    written.push_back({.kind = "forwarded",
                       .number = bytes ? 1u : 0u,
                       .key = std::string(key),
                       .text = std::string(text)});
}

void Machine::mark(const char* section) {
    recorder.written.push_back({.kind = section});
    ++seen_;
}

std::vector<Action> Machine::take_since(std::size_t index) {
    const auto from = recorder.written.begin() + static_cast<std::ptrdiff_t>(index);
    std::vector<Action> taken(std::make_move_iterator(from),
                              std::make_move_iterator(recorder.written.end()));
    recorder.written.erase(from, recorder.written.end());
    seen_ = std::min(seen_, index);
    return taken;
}

}  // namespace patchbay::transcript
