// Tests that play whole exchanges as they are.
#include <algorithm>
#include <cstdio>

#include <boost/json.hpp>

#include "boundary.hpp"
#include "compare.hpp"
#include "contract/manifest/schema.hpp"
#include "leaks.hpp"
#include "mutate.hpp"
#include "patchbay/exchange.h"
#include "settings.hpp"
#include "stage.hpp"

namespace patchbay::check {
namespace {

constexpr double kStallMs = 20;
constexpr int kTimings = 3;
constexpr const char* kCanary = "sk-canary-3f9c1b7e5a2d4086";
// As a setting, which may be a list of headers: name=value.
constexpr const char* kCanarySetting = "canary=sk-canary-3f9c1b7e5a2d4086";

bool is_stall(const std::string& fault) {
    return fault.starts_with("stalled") || fault.starts_with("never ends");
}

bool expects_fault(const Transcript& transcript) {
    return std::any_of(transcript.steps.begin(), transcript.steps.end(), [](const auto& step) {
        const auto* expected = std::get_if<transcript::Expectation>(&step);
        return expected && expected->kind == "fault";
    });
}

void transcripts(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const Transcript& one : stage.all()) {
            const Run run = stage.play(one, "as it is");
            const std::string fault = fault_of(run);
            if (!fault.empty() && !is_stall(fault) && !expects_fault(one)) {
                findings.broken(short_name(one) + ": " + fault);
                continue;
            }
            const std::size_t index = static_cast<std::size_t>(&one - stage.all().data());
            if (index >= subject.transcripts.size()) continue;  // made up: nothing is expected
            for (const std::string& line : compare(one, run)) findings.problem(line);
        }
        findings.note(std::to_string(subject.transcripts.size()) + " transcripts");
    });
}

void deterministic(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            const std::string d = difference(run, stage.play(*transcript, "again"));
            if (!d.empty()) findings.broken(short_name(*transcript) + ", played again: " + d);
        }
    });
}

void split_invariance(const Subject& subject, Findings& findings) {
    constexpr std::uint32_t kRandom = 12;
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            const auto index = static_cast<std::size_t>(transcript - stage.all().data());
            const bool expects =
                index < subject.transcripts.size() && transcript::compare(*transcript, run).empty();
            for (const Cuts& cuts : all_cuts(*transcript, kRandom)) {
                if (findings.full()) return;
                const std::string how = transcript::describe(cuts);
                const Run cut = stage.play(*transcript, how, cuts);
                const std::string where = short_name(*transcript) + ", " + how + ": ";
                const std::string d = difference(run, cut, true);
                if (!d.empty()) {
                    findings.problem(where + d);
                } else if (expects) {
                    for (const std::string& line : compare(*transcript, cut)) {
                        findings.problem(where + line);
                    }
                }
            }
        }
    });
}

void close_anywhere(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            for (std::size_t i = 0; i <= run.events; ++i) {
                stage.play(*transcript, "closed after event " + std::to_string(i), {}, i);
            }
        }
    });
}

void cancel_anywhere(const Subject& subject, Findings& findings) {
    std::size_t fed = 0;
    on_stage(subject, findings, [&](Stage& stage) {
        Boundary& b = boundary();
        for (const auto& [transcript, run] : stage.good()) {
            for (std::size_t i = 1; i < run.events && !findings.full(); ++i) {
                b.intruder = BAY_EV_CANCEL;
                b.intrude_at = i;
                b.intruded = false;
                const std::string how = "cancelled after event " + std::to_string(i);
                stage.play(*transcript, how);
                if (!b.intruded) continue;
                ++fed;
                const std::string where = short_name(*transcript) + ", " + how + ": ";
                if (b.intruder_status != BAY_OK) {
                    findings.problem(where + "feed() returned " +
                                     std::to_string(b.intruder_status));
                }
                for (const Action& action : b.intruder_did) {
                    const bool detached = action.kind == "http" && action.flags & BAY_HTTP_DETACHED;
                    if (!detached) findings.problem(where + "it answered with " + describe(action));
                }
            }
        }
        findings.note(fed ? std::to_string(fed) + " times" : "it never asks for CANCEL");
    });
}

// The most a test may need: a machine that waits for nothing, or a feed() that takes long each
// time. One long feed() on a busy machine says nothing.
void no_stall(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const Transcript& one : stage.all()) {
            std::vector<double> least;
            for (int i = 0; i < kTimings; ++i) {
                const std::string fault = fault_of(stage.play(one, "timed"));
                if (i == 0 && is_stall(fault) && !expects_fault(one)) {
                    findings.problem(short_name(one) + ": " + fault);
                }
                const auto& times = boundary().feed_ms;
                least.resize(i == 0 ? times.size() : std::min(least.size(), times.size()), 1e9);
                for (std::size_t k = 0; k < least.size(); ++k) {
                    least[k] = std::min(least[k], times[k]);
                }
            }
            for (std::size_t k = 0; k < least.size(); ++k) {
                if (least[k] < kStallMs) continue;
                char text[32];
                std::snprintf(text, sizeof text, "%.0f ms", least[k]);
                findings.problem(short_name(one) + ": feed() of event " + std::to_string(k + 1) +
                                 " takes " + text);
            }
        }
    });
}

void action_after_finish(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [transcript, run] : stage.good()) {
            for (const Action& action : run.actions) {
                if (action.kind == "refused") {
                    findings.problem(short_name(*transcript) + ": " + action.text);
                }
            }
        }
    });
}

void look_for_canary(const Run& run, const std::string& where, Findings& findings) {
    const auto holds = [](std::string_view text) { return text.find(kCanary) != text.npos; };
    for (const std::string& line : run.log) {
        if (holds(line)) findings.problem(where + ", in the log: " + line);
    }
    for (const auto* actions : {&run.actions, &run.aside}) {
        for (const Action& action : *actions) {
            if (action.kind != "note" && action.kind != "fail" && action.kind != "verdict") {
                continue;
            }
            if (holds(action.text) || holds(boost::json::serialize(action.fields))) {
                findings.problem(where + ", in " + describe(action));
            }
        }
    }
}

void redaction(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        for (const auto& [original, run] : stage.good()) {
            Transcript one = *original;
            one.target.api_key = kCanary;
            boost::system::error_code error;
            const auto settings = boost::json::parse(one.config, error);
            for (const auto& component : subject.manifest->components) {
                const bool its = one.component.empty() || one.component == component.id;
                if (!error && its && settings.is_object()) {
                    one.config = boost::json::serialize(
                        with_secrets(component, settings.get_object(), kCanarySetting));
                }
            }
            look_for_canary(stage.play(one, "with a canary"), short_name(one), findings);
            // Errors are where keys leak.
            transcript::Upstream refused;
            refused.status = 401;
            refused.headers = {{"content-type", "application/json"}};
            refused.body = R"({"error":{"message":"wrong key"}})";
            if (upstream_count(one) > 0) one = answered_with(one, 0, refused);
            look_for_canary(stage.play(one, "with a canary and status 401"),
                            short_name(one) + " with status 401", findings);
        }
    });
}

void exchange_leaks(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        const auto& cases = stage.good();
        boundary().share = true;  // what instances lose is not asked here
        for (const auto& [transcript, run] : cases) {
            if (findings.full()) return;
            const std::string growth = growth_of([&] {
                stage.play(*transcript, "again and again");
                stage.play(*transcript, "closed early, again and again", {}, run.events / 2);
            });
            if (!growth.empty()) findings.problem(short_name(*transcript) + ": " + growth);
        }
    });
}

constexpr Test kTests[] = {
    {"transcripts", Severity::error, "config-default-creates",
     "The plugin must do what its transcripts say, and feed() must not fail: see "
     "docs/transcripts.md.",
     transcripts},
    {"deterministic", Severity::error, "transcripts",
     "Same events in, same actions out: keep state in the exchange, and take clock and randomness "
     "from the host.",
     deterministic},
    {"split-invariance", Severity::error, "deterministic",
     "Bytes and texts arrive in any pieces: ask for a decoding that gives whole frames, or join "
     "pieces of BAY_DECODE_RAW yourself; hold what the next window may change.",
     split_invariance},
    {"close-anywhere", Severity::error, "transcripts",
     "A client may go away at any time: let close() work after every event.", close_anywhere},
    {"cancel-anywhere", Severity::error, "deterministic",
     "After want(CANCEL) the event comes at any time: return BAY_OK and take no action but "
     "detached "
     "calls.",
     cancel_anywhere},
    {"no-stall", Severity::error, "transcripts",
     "A machine that waits for nothing never ends, and feed() holds up all other exchanges of its "
     "thread: answer or ask for something, and compute briefly.",
     no_stall},
    {"action-after-finish", Severity::error, "transcripts",
     "After result(), done() or fail() the exchange is over, and some actions are only for some "
     "moments: the host refuses the rest, so do not rely on it.",
     action_after_finish},
    {"redaction", Severity::error, "transcripts",
     "Logs, notes and error messages are read by many: never put the API key or a secret setting "
     "there.",
     redaction},
    {"exchange-leaks", Severity::error, "deterministic",
     "A gateway runs for months: let close() free all that open() and feed() took.",
     exchange_leaks},
};

}  // namespace

std::span<const Test> exchange_tests() {
    return kTests;
}

}  // namespace patchbay::check
