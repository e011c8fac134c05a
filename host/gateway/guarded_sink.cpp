#include "gateway/guarded_sink.hpp"

#include <utility>
#include <vector>

namespace patchbay::gateway {

namespace asio = boost::asio;

GuardedSink::GuardedSink(ChatSink& inner, guard::CallGuard& guard, std::string_view request,
                         bool stream, bool& stopped)
    : inner_(inner),
      guard_(guard),
      request_(request),
      stopped_(stopped),
      stream_(stream),
      windowed_(stream && guard.has(kPostCall)),
      checked_(!stream && guard.has(kPostCall)) {}

void GuardedSink::result(std::string_view json, const AnswerScan& scan) {
    if (checked_) {
        answer_ = json;
    } else {
        inner_.result(json, scan);
    }
}

void GuardedSink::chunk(std::string_view json, const AnswerScan& scan) {
    if (!windowed_) return inner_.chunk(json, scan);
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
    auto error = co_await guard_.pump(request_, last, released);
    for (const std::string& chunk : released) inner_.chunk(chunk, scan_chat_answer(chunk));
    if (error) error_ = std::move(error);
}

asio::awaitable<bool> GuardedSink::flush() {
    co_await await_during();
    if (!error_ && windowed_ && guard_.window_due()) co_await pump(false);
    if (error_) {
        stopped_ = true;
        co_return false;
    }
    bool sent = true;
    if (inner_.dirty()) sent = co_await inner_.flush();
    co_return sent;
}

void GuardedSink::reset() {
    inner_.reset();
    answer_.clear();
    guard_.restart_stream();
}

asio::awaitable<void> GuardedSink::finish() {
    co_await await_during();
    if (!error_ && windowed_) co_await pump(true);
    if (!error_ && checked_) {
        error_ = co_await guard_.post_call(answer_, request_);
        if (!error_) inner_.result(answer_, scan_chat_answer(answer_));
    }
    if (!error_) co_await inner_.finish();
}

}  // namespace patchbay::gateway
