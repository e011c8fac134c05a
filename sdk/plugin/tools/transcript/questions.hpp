// Asks a guardrail what a transcript says, as the gateway would.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "contract/texts/document.hpp"
#include "machine.hpp"

namespace patchbay::transcript {

/// What is the same in all windows of a stream.
struct WindowSetting {
    std::string params;
    std::string metadata;
};

/// Not thread-safe. The machine must outlive it.
class Questions {
  public:
    explicit Questions(Machine& machine) : machine_(machine) {}

    /// One "== inspect".
    void ask(const Inspect& inspect);
    /// The stream begins anew: the next window is the first.
    void begin_stream() { window_ = 0; }
    /// One window; the texts need to live as long as the call.
    void ask_window(std::span<const bay_text> texts, bool last, const WindowSetting& setting);

  private:
    void take_over_verdict();
    void feed(bay_ev_inspect& event, std::span<const bay_text> texts);

    Machine& machine_;
    std::unique_ptr<guard::Document> document_;  // of the question in hand
    std::string json_;
    bool is_request_ = false;
    std::string request_;  // as the questions before left it; what an answer answers
    std::uint64_t window_ = 0;
};

}  // namespace patchbay::transcript
