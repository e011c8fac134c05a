#include "gateway/chat_sink.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace patchbay::gateway {

namespace asio = boost::asio;

ChatSink::ChatSink(Call& call, std::string_view model, bool stream, bool include_usage)
    : call_(call),
      quoted_model_(boost::json::serialize(boost::json::string(model))),
      stream_(stream),
      include_usage_(include_usage),
      chunked_(call.request.head.version() >= 11) {}

void ChatSink::append_restamped(std::string_view json, const AnswerScan& scan) {
    if (!scan.model) {
        out_ += json;
        return;
    }
    out_ += json.substr(0, scan.model.off);
    out_ += quoted_model_;
    out_ += json.substr(scan.model.off + scan.model.len);
}

void ChatSink::result(std::string_view json, const AnswerScan& scan) {
    out_.reserve(json.size() + quoted_model_.size());
    append_restamped(json, scan);
    if (call_.log) call_.log->result(out_);
}

void ChatSink::chunk(std::string_view json, const AnswerScan& scan) {
    if (call_.log) call_.log->chunk(json);
    if (scan.usage && scan.choices_empty && !include_usage_) return;
    if (call_.first_token == Call::Clock::time_point{}) call_.first_token = Call::Clock::now();
    out_ += "data: ";
    const std::size_t begin = out_.size();
    append_restamped(json, scan);
    // In JSON a line break is only ever white space; in an event it would end the data line.
    if (json.find('\n') != std::string_view::npos || json.find('\r') != std::string_view::npos) {
        std::replace_if(
            out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
    out_ += "\n\n";
}

void ChatSink::reset() {
    out_.clear();
    if (call_.log) call_.log->restart();
    call_.first_token = {};
}

asio::awaitable<bool> ChatSink::flush() {
    return send_out(false);
}

asio::awaitable<bool> ChatSink::send_out(bool last) {
    std::string head;
    if (!started_) {
        started_ = true;
        ResponseHead h = call_.head(200);
        call_.logged.status = h.status();
        h.add("content-type", "text/event-stream; charset=utf-8");
        h.add("cache-control", "no-cache");
        h.add("x-accel-buffering", "no");
        if (chunked_) {
            head = std::move(h).chunked(call_.connection.keep_alive());
        } else {
            call_.connection.close_after_answer();
            head = std::move(h).open_ended();
        }
    }
    std::swap(out_, sending_);
    out_.clear();
    char size_line[20];
    std::size_t size_length = 0;
    std::string_view end;
    if (chunked_) {
        if (!sending_.empty()) {
            char* at = std::to_chars(size_line, size_line + 16, sending_.size(), 16).ptr;
            *at++ = '\r';
            *at++ = '\n';
            size_length = static_cast<std::size_t>(at - size_line);
            end = last ? "\r\n0\r\n\r\n" : "\r\n";
        } else if (last) {
            end = "0\r\n\r\n";
        }
    }
    const std::array<asio::const_buffer, 4> parts{
        asio::const_buffer(head.data(), head.size()), asio::const_buffer(size_line, size_length),
        asio::const_buffer(sending_.data(), sending_.size()),
        asio::const_buffer(end.data(), end.size())};
    const bool sent = co_await call_.connection.send(parts);
    if (last) call_.logged.complete = sent;
    co_return sent;
}

asio::awaitable<void> ChatSink::finish() {
    if (call_.log) co_await call_.log->finish(call_, nullptr);
    if (stream_) {
        out_ += "data: [DONE]\n\n";
        co_await send_out(true);
        co_return;
    }
    started_ = true;
    ResponseHead h = call_.head(200);
    h.add("content-type", "application/json");
    co_await send_answer(call_, std::move(h), out_);
}

asio::awaitable<void> ChatSink::finish_with_error(std::string_view error_json) {
    out_ += "data: ";
    out_ += error_json;
    out_ += "\n\n";
    co_await send_out(true);
}

}  // namespace patchbay::gateway
