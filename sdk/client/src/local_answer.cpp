#include "local_answer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "about.hpp"

namespace patchbay::client {

namespace asio = boost::asio;

namespace {

/// A wait for room that is over, also if the call was cancelled meanwhile.
struct Forgetting {
    explicit Forgetting(CallState& waited) : state(waited) {}
    ~Forgetting() { state.forget_room(); }
    Forgetting(const Forgetting&) = delete;
    Forgetting& operator=(const Forgetting&) = delete;
    CallState& state;
};

}  // namespace

Event& LocalAnswer::add(std::uint32_t type, std::string_view name) {
    Event& event = pending_.emplace_back();
    event.type = type;
    event.name = name;
    return event;
}

void LocalAnswer::whole(const Restamped& json) {
    Event& event = add(BAY_CALL_RESULT, {});
    event.data.reserve(json.size());
    json.append_to(event.data);
}

void LocalAnswer::event(std::string_view name, const Restamped& json) {
    piecewise_ = true;
    Event& event = add(BAY_CALL_CHUNK, name);
    event.data.reserve(json.size());
    json.append_to(event.data);
}

void LocalAnswer::bytes(std::string_view content_type, std::string_view piece) {
    piecewise_ = true;
    add(BAY_CALL_BYTES, content_type).data = piece;
}

void LocalAnswer::restart() {
    pending_.clear();
    piecewise_ = false;
}

void LocalAnswer::deliver(bool last) {
    if (!committed_ || last) {
        Event& event = committed_ ? pending_.back() : pending_.front();
        event.about = about_call(call_);
        if (last && &event != &pending_.back()) pending_.back().about = event.about;
    }
    committed_ = true;
    state_.deliver(pending_, last);
}

asio::awaitable<bool> LocalAnswer::flush() {
    if (!pending_.empty()) deliver(false);
    if (state_.has_room()) co_return !state_.abandoned();
    auto room = std::make_shared<asio::steady_timer>(call_.engine.loop.io);
    room->expires_at(asio::steady_timer::time_point::max());
    const bool go_on = state_.has_room(
        [room, &io = call_.engine.loop.io] { asio::post(io, [room] { room->cancel(); }); });
    if (!go_on) {
        const Forgetting until_here(state_);
        boost::system::error_code ignored;
        co_await room->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    co_return !state_.abandoned();
}

asio::awaitable<void> LocalAnswer::finish(const Error* error) {
    Event& end = add(error ? BAY_CALL_FAILED : BAY_CALL_END, {});
    if (error) end.data = failure_json(call_, *error);
    deliver(true);
    co_return;
}

}  // namespace patchbay::client
