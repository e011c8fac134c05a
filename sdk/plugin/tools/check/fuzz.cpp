#include "fuzz.hpp"

#include <random>

#include "child.hpp"
#include "mutate.hpp"
#include "patchbay/provider.h"
#include "progress.hpp"
#include "stage.hpp"

namespace patchbay::check {
namespace {

constexpr std::chrono::seconds kLimit{20};         // for a child
constexpr std::chrono::milliseconds kShift{2000};  // cases of one child
constexpr std::size_t kMostFindings = 20;

struct Case {
    Transcript transcript;
    Cuts cuts;
};

/// As the words of a "== request" section, each behind a blank.
std::string flags_text(std::uint32_t flags) {
    std::string text;
    if (flags & BAY_REQ_STREAM) text += " stream";
    if (flags & BAY_REQ_DROP_PARAMS) text += " drop_params";
    if (flags & BAY_REQ_WANT_USAGE) text += " want_usage";
    return text;
}

Case make_case(const std::vector<Stage::Case>& from, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const Transcript& original = *from[random() % from.size()].transcript;
    Case made{mutated(original, random), {}};
    made.cuts = {Cuts::random, static_cast<std::uint32_t>(random())};
    return made;
}

void play(Stage& stage, const std::vector<Stage::Case>& from, std::uint64_t seed,
          Findings& findings, bool tell) {
    const Case made = make_case(from, seed);
    progress().fuzz_seed = seed;
    const std::string how = "case " + std::to_string(seed);
    const Run run = stage.play(made.transcript, how, made.cuts);
    const std::string fault = fault_of(run);
    if (!fault.empty()) {
        findings.problem(how + " (" + short_name(made.transcript) + "): " + fault);
    }
    if (!tell) return;
    if (!made.transcript.request.empty()) {
        findings.note("operation " + made.transcript.operation + flags_text(made.transcript.flags));
        findings.note("request: " + made.transcript.request);
    }
    for (const auto& record : made.transcript.batch) findings.note("record: " + record.json);
    for (const auto& step : made.transcript.steps) {
        if (const auto* inspect = std::get_if<transcript::Inspect>(&step)) {
            findings.note("question: " + inspect->json);
        } else if (const auto* stream = std::get_if<transcript::StreamText>(&step)) {
            for (const auto& channel : stream->channels) findings.note("stream: " + channel.text);
        }
    }
    for (std::size_t i = 0; i < upstream_count(made.transcript); ++i) {
        const auto& upstream = upstream_at(made.transcript, i);
        findings.note("upstream " + std::to_string(upstream.status) + ", failure " +
                      std::to_string(upstream.failure) + ": " + upstream.body);
    }
    for (const Action& action : run.actions) findings.note("action: " + describe(action));
    for (const std::string& line : run.log) findings.note("log: " + line);
}

}  // namespace

Outcome fuzz(const Subject& subject, std::chrono::seconds time) {
    Findings all(Severity::error);
    const auto end = std::chrono::steady_clock::now() + time;
    std::uint64_t next = subject.seed;
    std::size_t found = 0;
    while (std::chrono::steady_clock::now() < end && found < kMostFindings) {
        const Outcome outcome = run_in_child(
            [&](Findings& findings) {
                on_stage(subject, findings, [&](Stage& stage) {
                    const auto& from = stage.good();
                    if (from.empty()) return findings.skip("no exchange that can be played");
                    const auto stop = std::chrono::steady_clock::now() + kShift;
                    for (std::uint64_t seed = next; findings.clean(); ++seed) {
                        play(stage, from, seed, findings, false);
                        const auto now = std::chrono::steady_clock::now();
                        if (now > stop || now > end) break;
                    }
                });
            },
            Severity::error, kLimit);
        if (outcome.status == Status::skipped || progress().fuzz_seed < next) return outcome;
        for (const std::string& problem : outcome.problems) {
            all.problem(problem + " -- again with --reproduce " +
                        std::to_string(progress().fuzz_seed));
            ++found;
        }
        next = progress().fuzz_seed + 1;
    }
    all.note(std::to_string(next - subject.seed) + " cases from seed " +
             std::to_string(subject.seed) + " on");
    return all.outcome();
}

Outcome reproduce(const Subject& subject, std::uint64_t seed) {
    return run_in_child(
        [&](Findings& findings) {
            on_stage(subject, findings, [&](Stage& stage) {
                const auto& from = stage.good();
                if (from.empty()) return findings.skip("no exchange that can be played");
                play(stage, from, seed, findings, true);
            });
        },
        Severity::error, kLimit);
}

}  // namespace patchbay::check
