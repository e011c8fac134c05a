#include "player.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <stdexcept>
#include <utility>

#include "engine/http/decoder.hpp"
#include "member_index.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

using bay::str;

constexpr std::size_t kMaxEvents = 1'000'000;  // a machine that sets timers for ever

// How streams say that they are complete; the host keeps it to itself.
constexpr std::string_view kDone = "[DONE]";

// What the host needs to know of an answer that is passed through.
struct Answer {
    bool object = false;
    bool error = false;  // a top-level "error" that is not null
};

Answer look_at(std::string_view json) {
    boost::system::error_code failed;
    const boost::json::value value = boost::json::parse(json, failed, {}, {.max_depth = 256});
    const auto* object = failed ? nullptr : value.if_object();
    const auto* member = object ? object->if_contains("error") : nullptr;
    return {object != nullptr, member && !member->is_null()};
}

class Player {
  public:
    Player(PluginFile& file, const Transcript& transcript, Cuts cuts, std::size_t max_events)
        : file_(file),
          kind_(file.provider()),
          transcript_(transcript),
          cuts_(cuts),
          max_events_(std::min(max_events, kMaxEvents)),
          request_(transcript.request.begin(), transcript.request.end()),
          recorder_(json(), (transcript.flags & BAY_REQ_STREAM) != 0) {}

    ~Player() {
        if (machine_) kind_.close(machine_);
        if (instance_) kind_.destroy(instance_);
    }

    Run play() {
        file_.host().reset();
        create();
        open();
        start();
        while (!over()) step();
        run_.actions = std::move(recorder_.actions);
        run_.log = file_.host().log;
        return std::move(run_);
    }

  private:
    struct Call {
        std::uint32_t number;
        std::uint32_t decode;
        std::uint32_t flags;
        bool passed = false;
    };
    struct Timer {
        std::uint32_t number;
        std::int64_t due_ms;
    };

    std::string_view json() const { return {request_.data(), request_.size()}; }
    bool over() const { return over_ || recorder_.finished; }

    void create() {
        const std::string component =
            transcript_.component.empty() ? file_.first_component() : transcript_.component;
        bay_create_info info{};
        info.size = sizeof info;
        info.component = str(component);
        info.name = str("transcript");
        info.config = str(transcript_.config);
        Diagnostics diagnostics;
        const bay_status status = kind_.create(&info, diagnostics.table(), &instance_);
        if (status != BAY_OK || !instance_) {
            instance_ = nullptr;
            throw std::runtime_error("no instance of '" + component + "' (status " +
                                     std::to_string(status) + ")" + diagnostics.text);
        }
    }

    void open() {
        bay_open_info info{};
        info.size = sizeof info;
        info.request_id = str("transcript-1");
        info.attempt = transcript_.attempt;
        const bay_status status = kind_.open(instance_, &info, &machine_);
        if (status != BAY_OK || !machine_) {
            machine_ = nullptr;
            throw std::runtime_error("open() failed with status " + std::to_string(status));
        }
    }

    void start() {
        if (transcript_.refresh) {
            recorder_.refresh = true;
            bay_ev_refresh event{};
            event.h = {sizeof event, BAY_EV_REFRESH};
            event.key = str(transcript_.refresh_key);
            event.old_value = str(json());
            return feed(event.h);
        }
        const Target& to = transcript_.target;
        bay_target target{};
        target.size = sizeof target;
        target.model = str(to.model);
        target.base_url = str(to.base_url);
        target.api_key = str(to.api_key);
        target.params = str(to.params);
        const std::vector<bay_member> members = index_members(json());
        bay_ev_request event{};
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.flags = transcript_.flags;
        event.operation = str(transcript_.operation);
        event.json = str(json());
        event.target = &target;
        event.method = str("POST");
        event.members = members.data();
        event.member_count = members.size();
        for (const bay_member& member : members) {
            if (bay::sv(member.name) != "model") continue;
            event.model_off = member.value_off;
            event.model_len = member.value.len;
        }
        event.allowed_params = str(transcript_.allowed);
        feed(event.h);
    }

    // One event; then the actions that ask for something are taken up, and due timers fire.
    void feed(const bay_event& event) {
        deliver(event);
        while (!over() && !timers_.empty()) {
            const auto first = std::min_element(
                timers_.begin(), timers_.end(),
                [](const Timer& a, const Timer& b) { return a.due_ms < b.due_ms; });
            bay_ev_timer fired{};
            fired.h = {sizeof fired, BAY_EV_TIMER};
            fired.timer = first->number;
            file_.host().now_ms = first->due_ms;
            timers_.erase(first);
            deliver(fired.h);
        }
    }

    void deliver(const bay_event& event) {
        if (over()) return;
        if (run_.events == max_events_) {
            if (max_events_ == kMaxEvents)
                fault("never ends: " + std::to_string(kMaxEvents) + " events");
            over_ = true;
            return;
        }
        ++run_.events;
        const bay_status status = kind_.feed(machine_, &event, recorder_.out());
        for (; seen_ < recorder_.actions.size(); ++seen_) take_up(recorder_.actions[seen_]);
        if (status != BAY_OK) fault("feed() returned " + std::to_string(status));
    }

    void take_up(const Action& action) {
        if (action.kind == "http") {
            calls_.push_back({action.number, action.decode, action.flags});
        } else if (action.kind == "timer") {
            timers_.push_back({action.number, file_.host().now_ms + action.after_ms});
        } else if (action.kind == "shared_get") {
            shared_.push_back(action.key);
        } else if (action.kind == "http_abort") {
            aborted_.push_back(action.number);
        }
    }

    void fault(const std::string& what) {
        recorder_.actions.push_back({.kind = "fault", .text = what});
        over_ = true;
    }

    // What the host does when the machine waits.
    void step() {
        if (!aborted_.empty()) return abort();
        if (!shared_.empty()) return answer_shared();
        while (!calls_.empty() && calls_.front().flags & BAY_HTTP_DETACHED) calls_.pop_front();
        if (!calls_.empty()) return answer_call();
        fault("stalled: the machine waits for nothing and has not ended");
    }

    void abort() {
        const std::uint32_t number = aborted_.front();
        aborted_.pop_front();
        const auto call = std::find_if(calls_.begin(), calls_.end(),
                                       [&](const Call& c) { return c.number == number; });
        if (call == calls_.end()) return;
        calls_.erase(call);
        bay_ev_http event = http_event(BAY_EV_HTTP_DONE, number, nullptr);
        event.failure = BAY_FAIL_ABORTED;
        feed(event.h);
    }

    // The next step of the transcript that is not an expectation, if it is a T; else the run ends
    // here: a transcript may stop before the exchange does.
    template <class T>
    const T* next_answer() {
        while (step_ < transcript_.steps.size() &&
               std::holds_alternative<Expectation>(transcript_.steps[step_])) {
            ++step_;
        }
        if (step_ < transcript_.steps.size()) {
            if (const T* answer = std::get_if<T>(&transcript_.steps[step_])) {
                ++step_;
                return answer;
            }
        }
        over_ = true;
        return nullptr;
    }

    void mark(const char* kind) {
        recorder_.actions.push_back({.kind = kind});
        ++seen_;
    }

    void answer_shared() {
        const Shared* shared = next_answer<Shared>();
        if (!shared) return;
        mark("shared");
        const std::string key = shared_.front();
        shared_.pop_front();
        if (key != shared->key) {
            return fault("asked for shared value '" + key + "', the transcript answers '" +
                         shared->key + "'");
        }
        bay_ev_shared event{};
        event.h = {sizeof event, BAY_EV_SHARED};
        event.ttl_ms = shared->ttl_ms;
        event.key = str(key);
        event.value = str(shared->value);
        feed(event.h);
    }

    bay_ev_http http_event(std::uint32_t type, std::uint32_t call, const Upstream* upstream) {
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

    void answer_call() {
        const Upstream* upstream = next_answer<Upstream>();
        if (!upstream) return;
        mark("upstream");
        Call call = calls_.front();
        calls_.pop_front();
        const bool good = upstream->status / 100 == 2;
        if (!good) call.decode = BAY_DECODE_BUFFER;
        if (upstream->status != 0) {
            const bool passable =
                good && call.flags & BAY_HTTP_MAIN &&
                (call.decode == BAY_DECODE_SSE || call.decode == BAY_DECODE_BUFFER);
            recorder_.head_of = passable ? call.number : 0;
            const bool before = recorder_.passed_through;
            feed(http_event(BAY_EV_HTTP_HEAD, call.number, upstream).h);
            recorder_.head_of = 0;
            call.passed = recorder_.passed_through && !before;
        }
        std::string buffered;
        std::uint32_t failure = upstream->failure;
        if (upstream->status != 0) body(call, *upstream, buffered, failure);
        if (over()) return;
        if (std::find(aborted_.begin(), aborted_.end(), call.number) != aborted_.end()) {
            calls_.push_front(call);  // for abort() to find
            return;
        }
        bay_ev_http done = http_event(BAY_EV_HTTP_DONE, call.number, upstream);
        done.failure = failure;
        if (failure) done.error = str("the transcript says so");
        if (!failure && call.decode == BAY_DECODE_BUFFER) {
            if (!call.passed) {
                done.data = str(buffered);
            } else if (!look_at(buffered).object) {
                // Not what it should be: the machine judges it, as without pass_through.
                done.failure = BAY_FAIL_FRAMING;
                done.error = str("the answer is not a JSON object");
                done.data = str(buffered);
            }
        }
        feed(done.h);
    }

    void body(const Call& call, const Upstream& upstream, std::string& buffered,
              std::uint32_t& failure) {
        http::SseDecoder sse;
        http::NdjsonDecoder ndjson;
        std::vector<http::Frame> frames;
        const auto feed_frames = [&] {
            for (const http::Frame& frame : frames) feed_frame(call, upstream, frame);
            frames.clear();
        };
        http::DecodeStatus status = http::DecodeStatus::ok;
        std::size_t at = 0;
        const auto stop = [&] {
            return over() ||
                   std::find(aborted_.begin(), aborted_.end(), call.number) != aborted_.end();
        };
        for (const std::size_t size : piece_sizes(upstream.body.size(), cuts_)) {
            // A copy of exactly this size, so that a read beyond it or after the event is seen.
            const std::vector<char> piece(
                upstream.body.begin() + static_cast<std::ptrdiff_t>(at),
                upstream.body.begin() + static_cast<std::ptrdiff_t>(at + size));
            at += size;
            const std::string_view bytes(piece.data(), piece.size());
            switch (call.decode) {
                case BAY_DECODE_SSE:
                    status = sse.push(bytes, frames);
                    break;
                case BAY_DECODE_NDJSON:
                    status = ndjson.push(bytes, frames);
                    break;
                case BAY_DECODE_RAW:
                    feed_data(call, upstream, bytes, at == upstream.body.size() && failure == 0);
                    break;
                default:
                    buffered += bytes;
            }
            feed_frames();
            if (stop() || status != http::DecodeStatus::ok) break;
        }
        if (stop()) return;
        if (status == http::DecodeStatus::ok && failure == 0) {
            if (call.decode == BAY_DECODE_SSE) status = sse.finish();
            if (call.decode == BAY_DECODE_NDJSON) status = ndjson.finish(frames);
            feed_frames();
        }
        if (status == http::DecodeStatus::too_large) failure = BAY_FAIL_LIMIT;
        if (status == http::DecodeStatus::cut) failure = BAY_FAIL_RESET;
    }

    void feed_frame(const Call& call, const Upstream& upstream, const http::Frame& frame) {
        if (frame.data == kDone) return;
        if (call.passed) {
            const Answer answer = look_at(frame.data);
            if (answer.object && !answer.error) return;
        }
        bay_ev_http event = http_event(BAY_EV_HTTP_FRAME, call.number, &upstream);
        event.event = str(frame.event);
        event.id = str(frame.id);
        event.data = str(frame.data);
        feed(event.h);
    }

    void feed_data(const Call& call, const Upstream& upstream, std::string_view bytes, bool last) {
        bay_ev_http event = http_event(BAY_EV_HTTP_DATA, call.number, &upstream);
        event.data = str(bytes);
        event.last = last;
        feed(event.h);
    }

    PluginFile& file_;
    const bay_kind& kind_;
    const Transcript& transcript_;
    const Cuts cuts_;
    const std::size_t max_events_;
    const std::vector<char> request_;
    Recorder recorder_;
    bay_instance* instance_ = nullptr;
    bay_exchange* machine_ = nullptr;
    Run run_;
    bool over_ = false;
    std::size_t seen_ = 0;  // actions taken up
    std::size_t step_ = 0;  // of the transcript
    std::deque<Call> calls_;
    std::vector<Timer> timers_;
    std::deque<std::string> shared_;
    std::deque<std::uint32_t> aborted_;
    std::vector<bay_kv> headers_;
};

}  // namespace

Run play(PluginFile& file, const Transcript& transcript, Cuts cuts, std::size_t max_events) {
    return Player(file, transcript, cuts, max_events).play();
}

}  // namespace patchbay::transcript
