#include "answers.hpp"

#include <algorithm>

#include "contract/framing/framing.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {

using bay::str;

void Answers::abort() {
    const std::uint32_t number = machine_.aborted.front();
    machine_.aborted.pop_front();
    const auto call = std::find_if(machine_.calls.begin(), machine_.calls.end(),
                                   [&](const Call& c) { return c.number == number; });
    if (call == machine_.calls.end()) return;
    machine_.calls.erase(call);
    bay_ev_http ended = event(BAY_EV_HTTP_DONE, number, nullptr);
    ended.failure = BAY_FAIL_ABORTED;
    machine_.feed(ended.h);
}

bay_ev_http Answers::event(std::uint32_t type, std::uint32_t call, const Upstream* upstream) {
    bay_ev_http event{};
    event.h = {sizeof event, type};
    event.call = call;
    if (!upstream) return event;
    event.status = upstream->status;
    if (type == BAY_EV_HTTP_HEAD || type == BAY_EV_HTTP_DONE) {
        headers_.clear();
        for (const auto& [name, value] : upstream->headers) {
            headers_.push_back({str(name), str(value)});
        }
        event.headers = headers_.data();
        event.header_count = headers_.size();
    }
    return event;
}

bool Answers::stopped(const Call& call) const {
    return machine_.over() || std::find(machine_.aborted.begin(), machine_.aborted.end(),
                                        call.number) != machine_.aborted.end();
}

void Answers::answer(const Call& call, const Upstream& upstream) {
    buffered_.clear();
    passed_ = unseen_ = ended_ = begun_ = false;
    end_ = {};
    failure_ = upstream.failure;
    error_ = failure_ ? "the transcript says so" : "";
    const bool good = upstream.status / 100 == 2;
    const std::uint32_t decode = good ? call.decode : std::uint32_t{BAY_DECODE_BUFFER};
    const bool uncut = decode == BAY_DECODE_BUFFER || decode == BAY_DECODE_RAW;
    const auto decoder = http::make_decoder(decode);
    if (!uncut && !decoder) {
        const char* name = decode_name(decode);
        return machine_.fault(std::string("the player cannot cut bodies by ") +
                              (name ? name : "an unknown framing"));
    }
    if (upstream.status != 0) {
        passed_ = head(call, upstream, decode);
        unseen_ = passed_ && form_.unseen(decode);
        body(call, upstream, decode, decoder.get());
    }
    if (machine_.over()) return;
    if (stopped(call)) {
        machine_.calls.push_front(call);  // for abort() to find
        return;
    }
    done(call, upstream, decode);
}

// True if the body is passed through from here on.
bool Answers::head(const Call& call, const Upstream& upstream, std::uint32_t decode) {
    const bool live = upstream.status / 100 == 2 && (call.flags & BAY_HTTP_MAIN) != 0 &&
                      machine_.recorder.passable(decode);
    machine_.feed(event(BAY_EV_HTTP_HEAD, call.number, &upstream).h, call.number, live);
    return machine_.recorder.passed_call() == call.number;
}

// `decoder`: nullptr if the body is not cut into frames.
void Answers::body(const Call& call, const Upstream& upstream, std::uint32_t decode,
                   http::Decoder* decoder) {
    std::string_view type = bay::find(headers_.data(), headers_.size(), "content-type");
    if (type.empty()) type = "application/octet-stream";  // as the gateway says (RFC 9110, 8.3)
    std::vector<http::Frame> cut;
    http::DecodeStatus status = http::DecodeStatus::ok;
    std::size_t at = 0;
    for (const std::size_t size : piece_sizes(upstream.body.size(), cuts_)) {
        // A copy of exactly this size, so that a read beyond it or after the event is seen.
        const std::vector<char> piece(
            upstream.body.begin() + static_cast<std::ptrdiff_t>(at),
            upstream.body.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
        const std::string_view bytes(piece.data(), piece.size());
        if (unseen_) {
            machine_.forward(type, bytes, true);
        } else if (decode == BAY_DECODE_RAW) {
            bay_ev_http data = event(BAY_EV_HTTP_DATA, call.number, &upstream);
            data.data = str(bytes);
            data.last = at == upstream.body.size() && failure_ == 0;
            machine_.feed(data.h);
        } else if (!decoder) {
            buffered_ += bytes;
        } else {
            status = decoder->push(bytes, cut);
            frames(call, upstream, cut);
        }
        if (stopped(call) || ended_ || status != http::DecodeStatus::ok) break;
    }
    if (!decoder || stopped(call) || unseen_) return;
    if (!ended_ && status == http::DecodeStatus::ok) {
        const http::DecodeStatus end = decoder->finish(cut);
        if (failure_ == 0) status = end;
        frames(call, upstream, cut);
    }
    if (ended_ || (passed_ && end_.complete())) {
        failure_ = BAY_FAIL_NONE;
    } else if (status != http::DecodeStatus::ok) {
        failure_ = http::failure_of(status);
        error_ = decoder->what();
    } else if (passed_ && failure_ == BAY_FAIL_NONE) {
        failure_ = begun_ ? BAY_FAIL_RESET : BAY_FAIL_FRAMING;
        error_ = begun_ ? "the stream ended before its answer did"
                        : "the answer is not an event stream, or an empty one";
    }
}

// False if the host keeps the frame to itself.
bool Answers::for_plugin(const Call& call, const http::Frame& frame) {
    if (http::is_end_mark(call.decode, frame)) ended_ = true;
    if (ended_) return false;
    if (!form_.shape->named_events && http::is_keep_alive(call.decode, frame)) return false;
    begun_ = true;
    if (!passed_ || frame.whole || frame.event == "error") return true;
    const AnswerFacts scan = form_.shape->scan(frame.event, frame.data);
    if (!scan.object || scan.error) return true;
    machine_.forward(form_.shape->named_events ? frame.event : std::string_view(), frame.data,
                     false);
    end_.take(scan.seen, scan.finished);
    return false;
}

void Answers::frames(const Call& call, const Upstream& upstream, std::vector<http::Frame>& all) {
    for (const http::Frame& frame : all) {
        if (!for_plugin(call, frame)) continue;
        std::vector<bay_kv> headers;
        headers.reserve(frame.headers.size());
        for (const http::Header& h : frame.headers) headers.push_back({str(h.name), str(h.value)});
        bay_ev_http given = event(BAY_EV_HTTP_FRAME, call.number, &upstream);
        given.event = str(frame.event);
        given.id = str(frame.id);
        given.data = str(frame.data);
        given.headers = headers.data();
        given.header_count = headers.size();
        machine_.feed(given.h);
    }
    all.clear();
}

void Answers::done(const Call& call, const Upstream& upstream, std::uint32_t decode) {
    bay_ev_http ended = event(BAY_EV_HTTP_DONE, call.number, &upstream);
    ended.failure = failure_;
    ended.last = ended_ ? 1 : 0;
    const std::vector<char> error(error_.begin(), error_.end());
    if (failure_) ended.error = str(std::string_view(error.data(), error.size()));
    const std::vector<char> whole(buffered_.begin(), buffered_.end());
    const std::string_view bytes(whole.data(), whole.size());
    if (!failure_ && decode == BAY_DECODE_BUFFER && !unseen_) {
        const AnswerFacts scan = passed_ ? form_.shape->scan({}, bytes) : AnswerFacts{};
        if (!passed_) {
            ended.data = str(bytes);
        } else if (!scan.answer) {
            // Not what it should be: the machine judges it, as without pass_through.
            ended.failure = BAY_FAIL_FRAMING;
            ended.error = str(!scan.object ? "the answer is not a JSON object"
                              : scan.error ? "the answer is an error"
                                           : "the document is not an answer");
            ended.data = str(bytes);
        } else {
            machine_.forward({}, bytes, false);
        }
    }
    machine_.feed(ended.h);
}

}  // namespace patchbay::transcript
