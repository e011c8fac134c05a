// Tests with several exchanges at once, and with calls from changing threads.
#include <algorithm>
#include <mutex>
#include <thread>

#include "boundary.hpp"
#include "stage.hpp"

namespace patchbay::check {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kRounds = 12;  // per thread

// Every thread plays the exchanges, each beginning with another one.
void play_on_threads(Stage& stage, const std::vector<Stage::Case>& cases, Turns* turns,
                     const std::string& how, Findings& findings) {
    std::mutex mutex;
    std::vector<std::thread> threads;
    const std::size_t rounds = turns ? std::min<std::size_t>(cases.size(), kRounds) : kRounds;
    for (std::size_t me = 0; me < kThreads; ++me) {
        threads.emplace_back([&, me] {
            transcript::TestHost host;
            const transcript::TestHost::Bind bind(host);
            Boundary::turn = me;
            for (std::size_t i = 0; i < rounds; ++i) {
                const auto& [transcript, run] = cases[(me + i) % cases.size()];
                std::string d;
                try {
                    d = difference(run, stage.play(*transcript, how));
                } catch (const std::exception& error) {
                    d = error.what();
                }
                if (d.empty()) continue;
                const std::lock_guard lock(mutex);
                findings.problem(short_name(*transcript) + ", " + how + ": " + d);
            }
            if (turns) turns->quit(me);
        });
    }
    for (std::thread& thread : threads) thread.join();
}

void parallel_exchanges(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        const auto& cases = stage.good();
        if (cases.empty()) return findings.skip("no exchange that can be played");
        boundary().share = true;
        // First one event of each in turn, which is the same on every machine; then all at once.
        Turns turns(kThreads);
        boundary().turns = &turns;
        play_on_threads(stage, cases, &turns, "beside others, event by event", findings);
        boundary().turns = nullptr;
        play_on_threads(stage, cases, nullptr, "beside others", findings);
    });
}

void thread_migration(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        const auto& cases = stage.good();
        transcript::TestHost host;
        const transcript::TestHost::Bind bind(host);
        boundary().migrate = true;
        for (const auto& [transcript, run] : cases) {
            const std::string how = "every call from another thread";
            const std::string d = difference(run, stage.play(*transcript, how));
            if (!d.empty()) findings.problem(short_name(*transcript) + ", " + how + ": " + d);
        }
    });
}

constexpr Test kTests[] = {
    {"parallel-exchanges", Severity::error, "deterministic",
     "Many exchanges of one instance run at once: keep what belongs to an exchange in it, and "
     "share "
     "only what never changes.",
     parallel_exchanges},
    {"thread-migration", Severity::error, "deterministic",
     "Threads change between the calls of one exchange: keep nothing in thread-local variables.",
     thread_migration},
};

}  // namespace

std::span<const Test> concurrency_tests() {
    return kTests;
}

}  // namespace patchbay::check
