// What the tests that play exchanges share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compare.hpp"
#include "player.hpp"
#include "test.hpp"

namespace patchbay::check {

using transcript::Action;
using transcript::Cuts;
using transcript::difference;
using transcript::Run;
using transcript::Transcript;

/// The file of a subject, loaded, and the exchanges to play. For a child process.
class Stage {
  public:
    /// Throws std::runtime_error as PluginFile does.
    explicit Stage(const Subject& subject);

    transcript::PluginFile& file() { return file_; }
    /// The subject's transcripts and, for components that none of them plays, made-up ones. For a
    /// provider: chat completions, whole and as a stream, answered in OpenAI's form. For a
    /// guardrail: a request, an answer and a stream; for a logger: a batch; calls answered with {}.
    const std::vector<Transcript>& all() const { return all_; }
    /// Those of all() that can be played without a fault: what a variation is compared with.
    struct Case {
        const Transcript* transcript;
        Run run;
    };
    const std::vector<Case>& good();

    /// Plays, and says so in progress(). `how` says what is special.
    Run play(const Transcript& transcript, const std::string& how, Cuts cuts = {},
             std::size_t max_events = static_cast<std::size_t>(-1));

  private:
    transcript::PluginFile file_;
    std::vector<Transcript> all_;
    std::vector<Case> good_;
    bool judged_ = false;
};

/// The text of the first fault of a run; empty = none.
std::string fault_of(const Run& run);
/// File name without folders.
std::string short_name(const Transcript& transcript);

/// Runs `use` on a stage; skips the test if there is nothing that can be played.
void on_stage(const Subject& subject, Findings& findings, const std::function<void(Stage&)>& use);

}  // namespace patchbay::check
