// What routing thought of a call, in one line for who asks.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace patchbay {

/// Writes into a text that somebody else keeps, or nowhere: then each call costs a comparison. On
/// the call's loop.
class Trace {
  public:
    static constexpr std::size_t kMost = 4096;  ///< bytes; what comes later is left out

    Trace() = default;
    /// `text` outlives the trace; null = nobody asks.
    explicit Trace(std::string* text) : text_(text) {}

    bool on() const { return text_ != nullptr && text_->size() < kMost; }
    /// Adds a step, of several pieces; bytes that no header carries become '?'.
    template <class... Pieces>
    void say(const Pieces&... pieces) {
        if (!on()) return;
        std::string step;
        (step.append(pieces), ...);
        add(step);
    }

  private:
    void add(std::string_view step);

    std::string* text_ = nullptr;
};

/// "1500 ms".
std::string in_ms(std::chrono::nanoseconds time);

}  // namespace patchbay
