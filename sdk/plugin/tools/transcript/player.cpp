#include "player.hpp"

#include <algorithm>
#include <utility>

#include "answers.hpp"
#include "machine.hpp"
#include "patchbay/sdk/text.hpp"
#include "questions.hpp"
#include "socket_section.hpp"
#include "sockets.hpp"
#include "start.hpp"
#include "windows.hpp"

namespace patchbay::transcript {
namespace {

using bay::str;

class Player {
  public:
    Player(PluginFile& file, const Transcript& transcript, Cuts cuts, std::size_t max_events)
        : file_(file),
          transcript_(transcript),
          cuts_(cuts),
          request_(transcript.request.begin(), transcript.request.end()),
          machine_(file, transcript, {request_.data(), request_.size()}, max_events),
          answers_(machine_, cuts, transcript.operation),
          questions_(machine_) {}

    Run play() {
        if (transcript_.refresh) {
            start_refresh(machine_, transcript_);
        } else if (machine_.kind() == Kind::provider) {
            start_request(machine_, transcript_, {request_.data(), request_.size()});
        } else if (machine_.kind() == Kind::logger) {
            start_batch(machine_, transcript_);
        }
        while (!machine_.over()) step();
        run_.events = machine_.events();
        run_.actions = std::move(machine_.recorder.written);
        run_.log = file_.host().log;
        return std::move(run_);
    }

  private:
    // What the host does when the machine waits.
    void step() {
        if (const Cancel* cancel = peek<Cancel>()) return this->cancel(*cancel);
        if (peek<SocketEvent>() != nullptr && listens(machine_)) return socket_event();
        const bool asked = machine_.recorder.owing();
        if (!asked && (!peek<Upstream>() || machine_.calls.empty())) return next_question();
        serve();
    }

    void serve() {
        if (!machine_.aborted.empty()) return answers_.abort();
        if (!machine_.shared.empty()) return answer_shared();
        auto& calls = machine_.calls;
        if (!calls.empty()) return answer_call();
        if (listens(machine_) || sockets_ended(machine_)) return machine_.stop();
        machine_.fault("stalled: the machine waits for nothing and has not ended");
    }

    // The next step of the transcript that is not an expectation, if it is a T.
    template <class T>
    const T* peek() {
        while (step_ < transcript_.steps.size() &&
               std::holds_alternative<Expectation>(transcript_.steps[step_])) {
            ++step_;
        }
        return step_ < transcript_.steps.size() ? std::get_if<T>(&transcript_.steps[step_])
                                                : nullptr;
    }

    // The same, used up; else the run ends here: a transcript may stop before the exchange does.
    template <class T>
    const T* next(const char* section) {
        const T* found = peek<T>();
        if (!found) {
            machine_.stop();
            return nullptr;
        }
        ++step_;
        machine_.mark(section);
        return found;
    }

    void socket_event() {
        const char* section = socket_section(peek<SocketEvent>()->type);
        feed_socket(machine_, *next<SocketEvent>(section));
    }

    void next_question() {
        const auto& verdict = machine_.recorder.verdict();
        if (verdict && verdict->decision == Decision::block) {
            machine_.stop();
        } else if (peek<StreamText>()) {
            stream_ = next<StreamText>("stream-text");
            Windows(machine_, questions_, cuts_, [this] { serve(); }).play(*stream_, run_.aside);
            stream_ = nullptr;
        } else if (const Inspect* inspect = next<Inspect>("inspect")) {
            questions_.ask(*inspect);
        }
    }

    void answer_shared() {
        const Shared* shared = next<Shared>("shared");
        if (!shared) return;
        const std::string key = machine_.shared.front();
        machine_.shared.pop_front();
        if (shared->key != "*" && shared->key != key) {
            return machine_.fault("asked for shared value '" + key + "', the transcript answers '" +
                                  shared->key + "'");
        }
        bay_ev_shared event{};
        event.h = {sizeof event, BAY_EV_SHARED};
        event.ttl_ms = shared->ttl_ms;
        event.key = str(key);
        if (shared->cls == BAY_ERR_UNKNOWN) {
            event.value = str(shared->value);
        } else {
            event.status = BAY_E_INVALID;
            event.ttl_ms = 0;
            event.error = str(shared->value);
            event.cls = shared->cls;
            event.retry_after_ms = shared->retry_after_ms;
        }
        machine_.feed(event.h);
    }

    void answer_call() {
        const Call call = machine_.calls.front();
        const Upstream* upstream = stream_ ? answer_in_stream(call) : next<Upstream>("upstream");
        if (!upstream) return;
        machine_.calls.pop_front();
        answers_.answer(call, *upstream);
    }

    const Upstream* answer_in_stream(const Call& call) {
        const auto found = std::find_if(
            stream_->answers.begin(), stream_->answers.end(),
            [&](const Upstream& one) { return call.body.find(one.for_text) != std::string::npos; });
        if (found != stream_->answers.end()) return &*found;
        machine_.fault("no answer of the stream fits the call with the body " + call.body);
        return nullptr;
    }

    void cancel(const Cancel& cancel) {
        next<Cancel>("cancel");
        machine_.cancel(cancel.reason);
    }

    PluginFile& file_;
    const Transcript& transcript_;
    const Cuts cuts_;
    const std::vector<char> request_;
    Machine machine_;
    Answers answers_;
    Questions questions_;
    Run run_;
    std::size_t step_ = 0;                // of the transcript
    const StreamText* stream_ = nullptr;  // under way
};

}  // namespace

Run play(PluginFile& file, const Transcript& transcript, Cuts cuts, std::size_t max_events) {
    file.host().reset();
    return Player(file, transcript, cuts, max_events).play();
}

}  // namespace patchbay::transcript
