// A streamed answer on its way past a guardrail, with the gateway's own window.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "contract/texts/stream_window.hpp"
#include "cuts.hpp"
#include "questions.hpp"

namespace patchbay::transcript {

/// Plays one "== stream-text". Not thread-safe. Everything given must outlive it.
class Windows {
  public:
    /// `serve` does what the machine waits for, once.
    Windows(Machine& machine, Questions& questions, Cuts cuts, std::function<void()> serve)
        : machine_(machine), questions_(questions), cuts_(cuts), serve_(std::move(serve)) {}

    /// Cuts::whole asks once, when the stream is over; every other cut asks after each piece, and
    /// channels take turns. Leaves one "released" for each channel in the record, then what ended
    /// the stream early. All else that was done in windows depends on the cuts and goes to `aside`.
    void play(const StreamText& stream, std::vector<Action>& aside);

  private:
    void ask(bool last);
    bool open() const;
    void collect(const std::vector<std::string>& chunks);
    void conclude(const StreamText& stream, std::vector<Action> done, std::vector<Action>& aside);

    Machine& machine_;
    Questions& questions_;
    const Cuts cuts_;
    const std::function<void()> serve_;
    WindowSetting setting_;
    guard::StreamWindow window_;
    std::map<std::string, std::string> released_;  // by path
    bool blocked_ = false;
};

}  // namespace patchbay::transcript
