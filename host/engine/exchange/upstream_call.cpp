#include "engine/exchange/upstream_call.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "contract/crypto/base64.hpp"
#include "contract/framing/framing.hpp"
#include "engine/at_once.hpp"
#include "engine/exchange/file_append.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;
using bay::str;

namespace {

constexpr std::chrono::milliseconds kDrainTime{1000};
constexpr int kDrainedPieces = 16;

std::chrono::milliseconds shorter(std::chrono::milliseconds host, std::uint32_t plugin_ms) {
    const std::chrono::milliseconds plugin(plugin_ms);
    if (plugin.count() == 0) return host;
    return host.count() > 0 ? std::min(host, plugin) : plugin;
}

/// The content coding of the body; empty if it is as it is. None was asked for.
std::string_view coding_of(const http::Response& response) {
    for (const http::Header& h : response.headers()) {
        if (h.name == "content-encoding" && h.value != "identity") return h.value;
    }
    return {};
}

// The media type of the body, fit for a header.
std::string_view content_type_of(const http::Response& response) {
    for (const http::Header& h : response.headers()) {
        if (h.name == "content-type" && !h.value.empty()) return h.value;
    }
    return "application/octet-stream";  // RFC 9110, 8.3
}

// A JSON text without the mark of UTF-8 that some servers put before it (RFC 8259, 8.1: it may be passed over).
std::string_view without_mark(std::string_view body) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    const bool marked = body.starts_with(kMark) && body.size() > kMark.size() &&
                        (body[kMark.size()] == '{' || body[kMark.size()] == '[');
    return marked ? body.substr(kMark.size()) : body;
}

// What the upstream says the body will measure, at most `limit`; 0 if it does not say.
std::size_t announced_size(const http::Response& response, std::uint64_t limit) {
    const std::string_view length = response.header("content-length");
    std::uint64_t size = 0;
    std::from_chars(length.data(), length.data() + length.size(), size);
    return static_cast<std::size_t>(std::min(size, limit));
}

asio::awaitable<void> drain(http::Response& response) {
    for (int pieces = 0; pieces < kDrainedPieces; ++pieces) {
        const auto piece = co_await response.read();
        if (!piece || piece->empty()) co_return;
    }
}

// The client has its end mark; what the upstream sends behind it, as a rule the end of the chunked
// body, is read beside, so that the connection can serve again. One that does not end soon is
// closed.
asio::awaitable<void> drain_for_reuse(http::Response response, asio::io_context& io) {
    asio::steady_timer limit(io, kDrainTime);
    co_await first_of(drain(response), limit.async_wait(asio::use_awaitable));
}

}  // namespace

bay_ev_http UpstreamCall::event(std::uint32_t type) const {
    bay_ev_http e{};
    e.h = {sizeof e, type};
    e.call = action_.call;
    e.status = status_;
    return e;
}

asio::awaitable<void> UpstreamCall::feed_done(std::uint32_t failure, std::string_view error,
                                              std::string_view body) {
    bay_ev_http e = event(BAY_EV_HTTP_DONE);
    e.failure = failure;
    e.error = str(error);
    e.data = str(body);
    e.headers = headers_.data();
    e.header_count = headers_.size();
    e.last = ended_ ? 1 : 0;
    co_await run_.deliver(e.h, action_.call);
}

asio::awaitable<void> UpstreamCall::feed_failure(const http::Failure& failure) {
    co_await feed_done(static_cast<std::uint32_t>(failure.kind), failure.text);
}

asio::awaitable<void> UpstreamCall::encode_base64() {
    constexpr std::size_t kSlice = 3u << 18;  // a multiple of three bytes: padding ends a text
    encoded_.reserve(action_.base64.size());
    for (const Base64Piece& piece : action_.base64) {
        std::string& text = encoded_.emplace_back();
        text.reserve(base64_size(piece.bytes.size()) + 1);  // append_base64() needs one more
        for (std::size_t at = 0; at < piece.bytes.size(); at += kSlice) {
            if (at != 0) {
                co_await asio::post(run_.context_.loop.io, asio::use_awaitable);
                if (run_.over()) co_return;
            }
            append_base64(text, piece.bytes.substr(at, kSlice));
        }
        action_.body[piece.index] = text;
    }
}

asio::awaitable<void> UpstreamCall::run_file() {
    std::string bytes;
    for (const std::string_view part : action_.body) bytes += part;
    const std::string wrong =
        co_await append_to_file(run_.context_.loop, std::string(action_.url), std::move(bytes));
    if (run_.over()) co_return;
    if (wrong.empty()) {
        constexpr int kOk = 200;
        status_ = kOk;
        co_await feed_done(BAY_FAIL_NONE, {});
    } else {
        co_await feed_done(BAY_FAIL_CONNECT, wrong);
    }
}

asio::awaitable<std::optional<http::Response>> UpstreamCall::send() {
    const auto url = http::parse_url(action_.url);
    if (!url) {
        co_await feed_done(BAY_FAIL_CONNECT, "not an http or https URL");
        co_return std::nullopt;
    }
    http::Request request;
    request.method = action_.method.empty() ? std::string_view("POST") : action_.method;
    request.url = *url;
    request.headers = action_.headers;
    request.body = action_.body;
    request.timeouts = run_.timeouts_;
    request.timeouts.total = shorter(run_.remaining(), action_.total_ms);
    request.timeouts.idle = shorter(run_.timeouts_.idle, action_.idle_ms);
    request.verify_tls = run_.verify_tls_;
    request.repeatable = (action_.flags & BAY_HTTP_REPEATABLE) != 0;

    auto sent = co_await run_.context_.client.send(request);
    if (run_.over()) co_return std::nullopt;
    if (sent) co_return std::move(*sent);
    co_await feed_failure(sent.error());
    co_return std::nullopt;
}

void UpstreamCall::forget_request() {
    action_.method = action_.url = {};
    action_.headers.clear();
    action_.body.clear();
    encoded_ = {};
    if (run_.pending_.size() == 1) run_.recorder().forget_actions();
}

asio::awaitable<void> UpstreamCall::run() {
    if (!action_.base64.empty()) co_await encode_base64();
    if (run_.over()) co_return;
    if (run_.recorder().role() == Role::logger && action_.url.starts_with(kFileUrl)) {
        co_return co_await run_file();
    }
    auto sent = co_await send();
    if (!sent) co_return;
    http::Response response = std::move(*sent);
    forget_request();
    status_ = response.status();
    headers_.reserve(response.headers().size());
    for (const http::Header& h : response.headers()) {
        headers_.push_back({str(h.name), str(h.value)});
    }
    if (run_.sink_ && (action_.flags & BAY_HTTP_MAIN) != 0) {
        run_.sink_->upstream_head(status_, response.headers());
    }

    const bool good = is_good();
    if (!takes(0, announced_size(response, UINT64_MAX))) co_return;
    const std::string_view coding = coding_of(response);
    const std::uint32_t decode =
        good ? action_.decode : static_cast<std::uint32_t>(BAY_DECODE_BUFFER);
    const bool can_pass =
        good && (action_.flags & BAY_HTTP_MAIN) != 0 && run_.recorder().passable(decode);
    bay_ev_http head = event(BAY_EV_HTTP_HEAD);
    head.headers = headers_.data();
    head.header_count = headers_.size();
    co_await run_.deliver(head.h, action_.call, can_pass);
    if (run_.over()) co_return;
    if (!coding.empty()) co_return co_await feed_coded(coding);
    passed_ = run_.recorder().passed_call() == action_.call;

    if (passed_ && run_.sink_->takes_bytes()) co_return co_await read_raw(response);
    const auto decoder = http::make_decoder(decode);
    if (decoder) {
        co_await read_frames(response, *decoder);
    } else if (decode == BAY_DECODE_RAW) {
        co_await read_raw(response);
    } else {
        co_await read_whole(response);
    }
}

asio::awaitable<void> UpstreamCall::feed_coded(std::string_view coding) {
    if (!is_good()) co_return co_await feed_done(BAY_FAIL_NONE, {});  // that says enough
    const std::string what = "the answer is compressed (" + std::string(coding.substr(0, 32)) +
                             "), which was not asked for";
    co_await feed_done(BAY_FAIL_FRAMING, what);
}

bool UpstreamCall::takes(std::uint64_t more, std::uint64_t announced) {
    if (run_.max_answer_ == 0 || !is_good()) return true;
    received_ += more;
    const std::uint64_t size = std::max(received_, announced);
    if (size <= run_.max_answer_) return true;
    run_.fault_ = answer_too_large(size, run_.max_answer_);
    run_.fault_->upstream_status = status_;
    return false;
}

asio::awaitable<void> UpstreamCall::read_whole(http::Response& response) {
    std::uint64_t limit = action_.max_body != 0 ? action_.max_body : kDefaultMaxBody;
    if (run_.max_answer_ != 0) limit = std::min(limit, run_.max_answer_);
    std::string body;
    body.reserve(announced_size(response, limit));
    for (;;) {
        auto piece = co_await response.read();
        if (run_.over()) co_return;
        if (!piece) co_return co_await feed_failure(piece.error());
        if (piece->empty()) break;
        if (!takes(piece->size())) co_return;
        if (piece->size() > limit - body.size()) {
            co_await feed_done(BAY_FAIL_LIMIT, "the answer is larger than the limit");
            co_return;
        }
        body.append(*piece);
    }
    const std::string_view text = without_mark(body);
    if (passed_) {
        // An answer that is not what it should be is the plugin's to judge, as without
        // pass_through.
        const AnswerFacts facts = run_.shape_.scan({}, text);
        if (facts.answer) {
            run_.sink_->result(text, facts);
            co_await feed_done(BAY_FAIL_NONE, {});
        } else {
            run_.sink_->unanswered(text, facts);
            co_await feed_done(BAY_FAIL_FRAMING,
                               !facts.object ? "the answer is not a JSON object"
                               : facts.error ? "the answer is an error"
                                             : "the document is not an answer",
                               text);
        }
    } else {
        co_await feed_done(BAY_FAIL_NONE, {}, text);
    }
}

asio::awaitable<void> UpstreamCall::read_raw(http::Response& response) {
    std::string_view type = content_type_of(response);
    for (;;) {
        auto piece = co_await response.read();
        if (run_.over()) co_return;
        if (!piece) co_return co_await feed_failure(piece.error());
        if (piece->empty()) break;
        if (!takes(piece->size())) co_return;
        if (passed_) {
            run_.sink_->bytes(type, *piece);
            type = {};
        } else {
            bay_ev_http data = event(BAY_EV_HTTP_DATA);
            data.data = str(*piece);
            co_await run_.deliver(data.h, action_.call);
            if (run_.over()) co_return;
        }
        run_.start_pending();
        co_await run_.flush_if_dirty();
        if (run_.over()) co_return;
    }
    // No bytes are an answer, too.
    if (passed_ && !type.empty()) run_.sink_->bytes(type, {});
    co_await feed_done(BAY_FAIL_NONE, {});
}

bool UpstreamCall::for_plugin(const http::Frame& frame) {
    if (ended_) return false;
    if (http::is_end_mark(action_.decode, frame)) {
        ended_ = true;
        return false;
    }
    if (!run_.shape_.named_events && http::is_keep_alive(action_.decode, frame)) return false;
    begun_ = true;
    if (!passed_) return true;
    const AnswerFacts facts = run_.shape_.scan(frame.event, frame.data);
    // A document in place of a stream is the plugin's to judge, and an error.
    if (frame.whole || frame.event == "error" || !facts.object || facts.error) {
        run_.sink_->unanswered(frame.data, facts);
        return true;
    }
    end_.take(facts.seen, facts.finished);
    run_.sink_->chunk(run_.shape_.named_events ? frame.event : std::string_view(), frame.data,
                      facts);
    return false;
}

bay_ev_http UpstreamCall::event_of(const http::Frame& frame) {
    frame_headers_.clear();
    for (const http::Header& h : frame.headers) {
        frame_headers_.push_back({str(h.name), str(h.value)});
    }
    bay_ev_http e = event(BAY_EV_HTTP_FRAME);
    e.event = str(frame.event);
    e.id = str(frame.id);
    e.data = str(frame.data);
    e.headers = frame_headers_.data();
    e.header_count = frame_headers_.size();
    return e;
}

void UpstreamCall::take_frames(const std::vector<http::Frame>& frames) {
    for (const http::Frame& frame : frames) {
        if (for_plugin(frame) && !run_.feed(event_of(frame).h, action_.call)) return;
    }
}

asio::awaitable<void> UpstreamCall::take_frames_remote(const std::vector<http::Frame>& frames) {
    for (const http::Frame& frame : frames) {
        if (!for_plugin(frame)) continue;
        const bay_ev_http e = event_of(frame);
        co_await run_.deliver(e.h, action_.call);
        if (run_.over()) co_return;
    }
}

asio::awaitable<void> UpstreamCall::read_frames(http::Response& response, http::Decoder& decoder) {
    std::vector<http::Frame> frames;
    for (bool more = true; more && !ended_;) {
        auto piece = co_await response.read();
        if (run_.over()) co_return;
        frames.clear();
        more = piece && !piece->empty();
        if (more && !takes(piece->size())) co_return;
        const http::DecodeStatus status =
            more ? decoder.push(*piece, frames) : decoder.finish(frames);
        if (run_.isolated()) {
            co_await take_frames_remote(frames);
        } else {
            take_frames(frames);
        }
        if (!run_.over()) run_.start_pending();
        co_await run_.flush_if_dirty();
        if (run_.over()) co_return;
        if (answered()) {
            if (!piece || status != http::DecodeStatus::ok) break;
            continue;
        }
        if (!piece) co_return co_await feed_failure(piece.error());
        if (status != http::DecodeStatus::ok) {
            co_return co_await feed_done(http::failure_of(status), decoder.what());
        }
    }
    if (passed_ && !answered()) co_return co_await feed_unanswered();
    co_await feed_done(BAY_FAIL_NONE, {});  // before the response, whose headers it shows, goes
    if (ended_) {
        asio::io_context& io = run_.context_.loop.io;
        asio::co_spawn(io, drain_for_reuse(std::move(response), io), asio::detached);
    }
}

asio::awaitable<void> UpstreamCall::feed_unanswered() {
    if (begun_) return feed_done(BAY_FAIL_RESET, "the stream ended before its answer did");
    return feed_done(BAY_FAIL_FRAMING, "the answer is not an event stream, or an empty one");
}

}  // namespace patchbay
