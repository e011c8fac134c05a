#include "gateway/http_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "engine/call/stream_failure.hpp"
#include "gateway/aws_events.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

// What the server says of its own message (RFC 9110, 7.6.1 and 8), and cookies, which are the
// provider's and not ours.
bool is_about_the_message(std::string_view name) {
    static constexpr auto kNames = std::to_array<std::string_view>(
        {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding",
         "upgrade", "content-length", "content-encoding", "content-type", "set-cookie"});
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view known) { return http::iequals(name, known); });
}

// Do clients pass over a comment between events? Google's SDK takes every line that is no data for a piece of JSON.
bool takes_comments(Framing framing) {
    return framing == Framing::sse_done || framing == Framing::sse_named;
}

}  // namespace

HttpAnswer::HttpAnswer(Served& served)
    : served_(served),
      call_(*served.call()),
      stream_(false),
      chunked_(served.request.head.version() >= 11) {}

void HttpAnswer::head(int status, std::span<const http::Header> headers) {
    status_ = status;
    own_lines_.clear();
    for (const auto& [name, value] : headers) {
        if (is_about_the_message(name)) continue;
        own_lines_.append(name).append(": ").append(value).append("\r\n");
    }
}

void HttpAnswer::whole(const Restamped& json) {
    out_.reserve(json.size());
    json.append_to(out_);
}

void HttpAnswer::event(std::string_view name, const Restamped& json) {
    const FramingTexts& texts = texts_of(call_.surface.framing);
    const bool first = !std::exchange(stream_, true);
    ++events_;
    if (texts.aws) return append_aws_event(call_.surface.framing, name, json, out_);
    if (texts.names && !name.empty()) out_.append("event: ").append(name).append("\n");
    out_ += first ? texts.first : texts.before;
    const std::size_t begin = out_.size();
    json.append_to(out_);
    // In JSON a line break is only ever white space; in an event it would end the data line.
    const std::string_view written = std::string_view(out_).substr(begin);
    if (written.find('\n') != std::string_view::npos ||
        written.find('\r') != std::string_view::npos) {
        std::replace_if(
            out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
    }
    out_ += texts.after;
}

void HttpAnswer::bytes(std::string_view content_type, std::string_view piece) {
    if (!content_type.empty()) content_type_ = content_type;
    out_ += piece;
}

void HttpAnswer::restart() {
    out_.clear();
    status_ = 200;
    own_lines_.clear();
    content_type_.clear();
    stream_ = false;
    events_ = 0;
    begin_pings();
}

std::chrono::milliseconds HttpAnswer::keepalive() const {
    if (!call_.deployment) return {};
    return call_.surface.ping.empty() ? call_.deployment->keepalive
                                      : call_.deployment->messages_keepalive;
}

void HttpAnswer::begin_pings() {
    const bool stream = call_.ask.scan.stream &&
                        call_.surface.operation->answer == AnswerAs::json &&
                        takes_comments(call_.surface.framing);
    if (!stream || keepalive().count() == 0) {
        ping_.reset();
        return;
    }
    if (!ping_)
        ping_ =
            std::make_unique<Deadline>(served_.server.engine.loop.deadlines, [this] { ping(); });
    ping_->arm(keepalive());
}

// What is known of the call may be of an attempt that another one takes the place of: the head says nothing of it.
void HttpAnswer::ping() {
    std::string text;
    if (!opened_) {
        ResponseHead head = served_.page_head(200, kEventStream);
        head.add("x-litellm-call-id", served_.id);
        text = framed(std::move(head));
    }
    const std::string_view ping = call_.surface.ping.empty() ? kPing : call_.surface.ping;
    if (chunked_) {
        char digits[17];
        char* const end = std::to_chars(digits, digits + 16, ping.size(), 16).ptr;
        text.append(&digits[0], end).append("\r\n").append(ping).append("\r\n");
    } else {
        text.append(ping);
    }
    if (served_.connection.send_between(std::move(text))) {
        if (!opened_) served_.logged.status = 200;
        opened_ = true;
    }
    ping_->arm(keepalive());
}

ResponseHead HttpAnswer::own_head(std::string_view content_type) const {
    ResponseHead head = served_.head(status_);
    head.add_lines(own_lines_);
    head.add("content-type", content_type);
    add_aws_headers(head, call_.surface, served_.id);
    return head;
}

std::string HttpAnswer::begin_head() {
    opened_ = true;
    ResponseHead head =
        own_head(content_type_.empty() ? texts_of(call_.surface.framing).content_type
                                       : std::string_view(content_type_));
    served_.logged.status = head.status();
    return framed(std::move(head));
}

std::string HttpAnswer::framed(ResponseHead head) {
    if (content_type_.empty()) {
        head.add("cache-control", "no-cache");
        head.add("x-accel-buffering", "no");
        if (call_.surface.framing == Framing::aws_chunks) {
            head.add("x-amzn-bedrock-content-type", "application/json");
        }
    }
    if (chunked_) return std::move(head).chunked(served_.connection.keep_alive());
    served_.connection.close_after_answer();
    return std::move(head).open_ended();
}

asio::awaitable<bool> HttpAnswer::send_out(bool last) {
    std::string head;
    if (!opened_) head = begin_head();
    started_ = true;
    if (last) ping_.reset();
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
    const bool sent = co_await served_.connection.send(parts);
    if (ping_) ping_->arm(keepalive());
    if (last) served_.logged.complete = sent;
    co_return sent;
}

// What is cut short must not look whole. Without chunks a close would be the end of a good answer.
void HttpAnswer::break_off() {
    ping_.reset();
    served_.logged.complete = true;
    if (chunked_) {
        served_.connection.close();
    } else {
        served_.connection.abort();
    }
}

asio::awaitable<void> HttpAnswer::finish(const Error* error) {
    if (error && !opened_) {
        ping_.reset();
        co_return co_await send_error(served_, *error, &call_.surface);
    }
    const FramingTexts& texts = texts_of(call_.surface.framing);
    const bool events = started_ ? content_type_.empty() : call_.ask.scan.stream;
    if (error) {
        served_.logged.status = error->status();
        served_.logged.reason = error->message;
        if (!events) co_return break_off();  // bytes have no words for an error
        tell_stream_failure(*served_.call(), *error, events_,
                            [&](std::string_view name, std::string_view json) {
                                if (texts.aws) return append_aws_exception(name, json, out_);
                                event(name, Restamped(json));
                            });
        if (!texts.errors_break) {
            co_await send_out(true);
            co_return;
        }
        out_ += texts.end;
        const bool sent = co_await send_out(false);
        if (sent) break_off();
    } else if (events) {
        out_ += stream_ ? texts.end : texts.empty;
        co_await send_out(true);
    } else if (piecewise()) {
        co_await send_out(true);
    } else {
        opened_ = started_ = true;
        ping_.reset();
        co_await send_answer(served_, own_head("application/json"), out_);
    }
}

}  // namespace patchbay::gateway
