// One instance with one exchange: events in, actions recorded, timers fired.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "contract/shape/answer_form.hpp"
#include "judged_results.hpp"
#include "ordered_recorder.hpp"
#include "plugin_file.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// An http() that has no answer yet.
struct Call {
    std::uint32_t number = 0;
    std::uint32_t decode = 0;
    std::uint32_t flags = 0;
    std::string body;
};

/// A WebSocket: one that the machine opened, or the client's, which is call 0 and open once it is
/// accepted.
struct Socket {
    std::uint32_t call = 0;
    bool open = false;
    bool ended = false;
};

/// Not thread-safe. The file and the transcript must outlive it.
class Machine {
    JudgedResults results_;  // before the recorder, which is told of it

  public:
    /// Makes the instance and opens the exchange. After `max_events` events nothing more is fed.
    /// `blob` is the client's body. Throws std::runtime_error if no instance or machine can be had.
    Machine(PluginFile& file, const Transcript& transcript, std::string_view blob,
            std::size_t max_events);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    Kind kind() const { return component_.kind; }
    /// Feeds one event, then what timers are due to: a timer fires as soon as it is set, and the
    /// clock moves to its time. `call` and `live` as Recorder::begin_event() has them.
    void feed(const bay_event& event, std::uint32_t call = 0, bool live = false);
    /// Ends the run; before that a machine that asked for it, and owes an answer, is told why.
    void cancel(std::uint32_t reason);
    /// Nothing is fed from here on.
    void stop() { over_ = true; }
    bool over() const { return over_ || recorder.finished(); }
    /// Ends the run with the action "fault".
    void fault(const std::string& what);
    /// Records what the client got of a body that is passed through: a document or an event, or
    /// bytes, which join those before. `key` as in Action.
    void forward(std::string_view key, std::string_view text, bool bytes);
    /// Records that a section of the transcript was used up here.
    void mark(const char* section);
    /// Everything in the record was taken up, or is not for the player to do.
    void skip_recorded() { seen_ = recorder.written.size(); }
    /// Actions from this index on, taken out of the record.
    std::vector<Action> take_since(std::size_t index);
    std::size_t events() const { return events_; }

    OrderedRecorder recorder;
    // What was asked for and has no answer, oldest first; for the player to answer.
    std::deque<Call> calls;
    std::deque<std::string> shared;     ///< keys
    std::deque<std::uint32_t> aborted;  ///< calls
    std::vector<Socket> sockets;        ///< all there ever were

  private:
    Machine(PluginFile& file, const Transcript& transcript, std::string_view blob,
            std::size_t max_events, Role role, const AnswerForm& form);
    struct Timer {
        std::uint32_t number;
        std::int64_t due_ms;
    };
    void create(const Transcript& transcript);
    void open(const Transcript& transcript);
    void deliver(const bay_event& event, std::uint32_t call, bool live);
    bool spent();
    void hand(const bay_event& event, std::uint32_t call, bool live);
    void take_up(const Action& action);

    PluginFile& file_;
    const Component component_;
    const std::size_t max_events_;
    bay_instance* instance_ = nullptr;
    bay_exchange* exchange_ = nullptr;
    bool over_ = false;
    std::size_t events_ = 0;
    std::size_t seen_ = 0;  // actions taken up
    std::vector<Timer> timers_;
};

}  // namespace patchbay::transcript
