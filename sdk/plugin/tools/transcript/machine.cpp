#include "machine.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

using bay::str;

constexpr std::size_t kMaxEvents = 1'000'000;  // a machine that sets timers for ever

}  // namespace

Machine::Machine(PluginFile& file, const Transcript& transcript, std::string_view blob,
                 std::size_t max_events)
    : recorder(file.component(transcript).kind, blob, (transcript.flags & BAY_REQ_STREAM) != 0),
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

void Machine::feed(const bay_event& event) {
    deliver(event);
    while (!over() && !timers_.empty()) {
        const auto first =
            std::min_element(timers_.begin(), timers_.end(),
                             [](const Timer& a, const Timer& b) { return a.due_ms < b.due_ms; });
        bay_ev_timer fired{};
        fired.h = {sizeof fired, BAY_EV_TIMER};
        fired.timer = first->number;
        file_.host().now_ms = first->due_ms;
        timers_.erase(first);
        deliver(fired.h);
    }
}

void Machine::deliver(const bay_event& event) {
    if (over()) return;
    if (events_ == max_events_) {
        if (max_events_ == kMaxEvents) {
            fault("never ends: " + std::to_string(kMaxEvents) + " events");
        }
        over_ = true;
        return;
    }
    ++events_;
    const bay_status status = component_.table->feed(exchange_, &event, recorder.out());
    for (; seen_ < recorder.actions.size(); ++seen_) take_up(recorder.actions[seen_]);
    if (status != BAY_OK) fault("feed() returned " + std::to_string(status));
}

void Machine::take_up(const Action& action) {
    if (action.kind == "http") {
        calls.push_back({action.number, action.decode, action.flags, action.text});
    } else if (action.kind == "timer") {
        timers_.push_back({action.number, file_.host().now_ms + action.after_ms});
    } else if (action.kind == "shared_get") {
        shared.push_back(action.key);
    } else if (action.kind == "http_abort") {
        aborted.push_back(action.number);
    }
}

void Machine::fault(const std::string& what) {
    recorder.actions.push_back({.kind = "fault", .text = what});
    over_ = true;
}

void Machine::mark(const char* section) {
    recorder.actions.push_back({.kind = section});
    ++seen_;
}

std::vector<Action> Machine::take_since(std::size_t index) {
    const auto from = recorder.actions.begin() + static_cast<std::ptrdiff_t>(index);
    std::vector<Action> taken(std::make_move_iterator(from),
                              std::make_move_iterator(recorder.actions.end()));
    recorder.actions.erase(from, recorder.actions.end());
    seen_ = std::min(seen_, index);
    return taken;
}

}  // namespace patchbay::transcript
