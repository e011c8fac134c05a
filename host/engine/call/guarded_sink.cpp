#include "engine/call/guarded_sink.hpp"

#include <utility>
#include <vector>

namespace patchbay {

namespace asio = boost::asio;

GuardedSink::GuardedSink(Call& call, AnswerSink& inner, std::string_view request)
    : ForwardingSink(inner), call_(call), inner_(inner), guard_(*call.guard), request_(request) {
    const bool looks = guard_.has(kPostCall) && call.surface.operation->words != Words::requested;
    windowed_ = looks && call.ask.scan.stream;
    checked_ = looks && !call.ask.scan.stream;
}

AnswerFacts GuardedSink::facts_of(std::string_view json) const {
    return call_.operation->shape->scan({}, json);
}

void GuardedSink::result(std::string_view json, const AnswerFacts& facts) {
    if (checked_) {
        answer_ = json;
    } else {
        inner_.result(json, facts);
    }
}

void GuardedSink::chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) {
    if (!windowed_) return inner_.chunk(event, json, facts);
    if (!error_) error_ = guard_.push(json);
}

bool GuardedSink::dirty() const {
    return error_ || inner_.dirty() || (windowed_ && guard_.window_due());
}

asio::awaitable<void> GuardedSink::await_during() {
    if (error_ || !guard_.has(kDuringCall)) co_return;
    error_ = co_await guard_.during();
}

asio::awaitable<void> GuardedSink::pump(bool last) {
    std::vector<std::string> released;
    Failed error = co_await guard_.pump(request_, last, released);
    for (const std::string& chunk : released) inner_.chunk({}, chunk, facts_of(chunk));
    if (error) error_ = std::move(error);
}

asio::awaitable<bool> GuardedSink::flush() {
    co_await await_during();
    if (!error_ && windowed_ && guard_.window_due()) co_await pump(false);
    if (error_) {
        call_.stopped_by_guardrail = true;
        co_return false;
    }
    bool sent = true;
    if (inner_.dirty()) sent = co_await inner_.flush();
    co_return sent;
}

void GuardedSink::begin() {
    inner_.begin();
    answer_.clear();
    guard_.restart_stream();
}

asio::awaitable<void> GuardedSink::end() {
    co_await await_during();
    if (!error_ && windowed_) co_await pump(true);
    if (!error_ && checked_) {
        error_ = co_await guard_.post_call(answer_, request_);
        if (!error_) inner_.result(answer_, facts_of(answer_));
    }
    if (!error_) inner_.end();
}

}  // namespace patchbay
