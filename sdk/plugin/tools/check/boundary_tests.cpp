// Tests with hosts that are newer or older than the plugin.
#include "boundary.hpp"
#include "loaded.hpp"
#include "stage.hpp"

namespace patchbay::check {
namespace {

constexpr std::uint32_t kUnknownEvent = 0x7FFF0001;

void unknown_event(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        Boundary& b = boundary();
        for (const auto& [transcript, run] : stage.good()) {
            for (std::size_t i = 0; i < run.events && !findings.full(); ++i) {
                b.intruder = kUnknownEvent;
                b.intrude_at = i;
                b.intruded = false;
                const std::string how = "an unknown event after event " + std::to_string(i);
                stage.play(*transcript, how);
                const std::string where = short_name(*transcript) + ", " + how + ": ";
                if (b.intruded && b.intruder_status != BAY_E_UNSUPPORTED) {
                    findings.problem(where + "feed() returned " +
                                     std::to_string(b.intruder_status) + ", not BAY_E_UNSUPPORTED");
                }
                if (b.intruded && !b.intruder_did.empty()) {
                    findings.problem(where + "it did " + describe(b.intruder_did.front()));
                }
            }
        }
    });
}

// Plays everything again across a changed boundary.
void same_as_ever(Stage& stage, Findings& findings, const std::string& how) {
    for (const auto& [transcript, run] : stage.good()) {
        const std::string d = difference(run, stage.play(*transcript, how));
        if (!d.empty()) findings.problem(short_name(*transcript) + ", " + how + ": " + d);
    }
}

void larger_structs(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        stage.good();
        for (const std::size_t pad : {8, 64, 1024}) {
            boundary().pad = pad;
            same_as_ever(stage, findings,
                         "structs larger by " + std::to_string(pad) + " bytes of 0xFF");
        }
    });
}

// A minor only adds, so the structs of an older host are those of this one, but shorter: those that
// grew are cut by the boundary (size_then) to what the oldest host has on which the plugin says it
// runs.
static_assert(BAY_ABI_MINOR == 3, "structs that grew must be cut in boundary.cpp");
static_assert(sizeof(bay_open_info) == 48 && sizeof(bay_create_info) == 56);

void older_host(const Subject& subject, Findings& findings) {
    const Loaded loaded(subject.path);
    const std::uint32_t oldest = loaded.entry().min_host_minor;
    on_stage(subject, findings, [&](Stage& stage) {
        stage.good();
        boundary().exact = true;
        boundary().minor = oldest;
        same_as_ever(stage, findings, "structs that end where memory ends");
    });
    findings.note("claims to run on hosts from 0." + std::to_string(oldest) + " on");
}

constexpr Test kTests[] = {
    {"unknown-event-unsupported", Severity::error, "transcripts",
     "A newer host may know more events: return BAY_E_UNSUPPORTED for a type you do not know, and "
     "do nothing.",
     unknown_event},
    {"larger-structs", Severity::error, "deterministic",
     "Structs grow at the end: look only at fields you know, whatever `size` says, and never "
     "require a size to be equal.",
     larger_structs},
    {"older-host", Severity::error, "deterministic",
     "An older host's structs end earlier: ask BAY_HAS() before a field that min_host_minor did "
     "not "
     "have, and read nothing beyond `size`.",
     older_host},
};

}  // namespace

std::span<const Test> boundary_tests() {
    return kTests;
}

}  // namespace patchbay::check
