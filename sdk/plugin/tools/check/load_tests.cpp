// Tests on loading: the entry, the kinds, the manifest in the code.
#include <algorithm>
#include <chrono>
#include <set>

#include "child.hpp"
#include "loaded.hpp"
#include "patchbay/sdk/text.hpp"
#include "progress.hpp"
#include "test.hpp"

namespace patchbay::check {
namespace {

constexpr int kLoadMs = 100;
constexpr int kLoadTries = 3;
constexpr int kCycles = 10;

void load_now_local(const Subject& subject, Findings& findings) {
    try {
        Loaded loaded(subject.path);
        loaded.init();
        loaded.deinit();
    } catch (const std::exception& error) {
        findings.broken(error.what());
    }
}

void load_time(const Subject& subject, Findings& findings) {
    // The best of some, each in a process that never saw the file: the machine may be busy.
    std::string best;
    for (int i = 0; i < kLoadTries; ++i) {
        const Outcome outcome = run_in_child(
            [&](Findings& inner) {
                const auto start = std::chrono::steady_clock::now();
                Loaded loaded(subject.path);
                loaded.init();
                const auto time = std::chrono::steady_clock::now() - start;
                const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
                if (ms > kLoadMs) {
                    inner.problem("took " + std::to_string(ms) + " ms, the limit is " +
                                  std::to_string(kLoadMs) + " ms");
                }
            },
            Severity::warning, std::chrono::seconds(20));
        if (outcome.problems.empty()) return;
        best = outcome.problems.front();
    }
    findings.problem(best);
}

void init_deinit_cycles(const Subject& subject, Findings& findings) {
    Loaded loaded(subject.path);
    for (int i = 1; i <= kCycles; ++i) {
        doing("cycle " + std::to_string(i));
        loaded.init();
        loaded.deinit();
    }
    findings.note(std::to_string(kCycles) + " cycles");
}

void unknown_kind_null(const Subject& subject, Findings& findings) {
    const Loaded loaded(subject.path);
    for (const char* id :
         {"patchbay.no-such-kind/1", "", "bay.provider/", "bay.provider/999", "bay.provider/1x"}) {
        if (loaded.kind(id))
            findings.problem("get_kind(\"" + std::string(id) + "\") gives a table");
    }
}

void manifest_matches_entry(const Subject& subject, Findings& findings) {
    const Loaded loaded(subject.path);
    const std::string_view in_code = bay::sv(loaded.entry().manifest);
    if (in_code == subject.manifest_text) return;
    const auto [a, b] = std::mismatch(in_code.begin(), in_code.end(), subject.manifest_text.begin(),
                                      subject.manifest_text.end());
    findings.problem("they differ from byte " + std::to_string(a - in_code.begin()) + " on");
}

void components_match(const Subject& subject, Findings& findings) {
    const Loaded loaded(subject.path);
    std::set<std::string> kinds;
    for (const auto& component : subject.manifest->components) kinds.insert(component.kind);
    for (const std::string& id : kinds) {
        const bay_kind* kind = loaded.kind(id);
        if (!kind) {
            findings.problem("the manifest names " + id + ", get_kind() gives no table for it");
            continue;
        }
        if (kind->size < sizeof(bay_kind) || !kind->component || !kind->create || !kind->destroy ||
            !kind->open || !kind->feed || !kind->close) {
            findings.broken("the table of " + id + " is too small or has an empty slot");
            continue;
        }
        std::set<std::string> said, there;
        for (const auto& component : subject.manifest->components) {
            if (component.kind == id) said.insert(component.id);
        }
        constexpr std::uint32_t kMost = 10'000;
        for (std::uint32_t i = 0; i < kMost; ++i) {
            const Inside inside("component");
            const bay_component* component = kind->component(i);
            if (!component) break;
            there.insert(std::string(bay::sv(component->id)));
        }
        for (const auto& one : said) {
            if (!there.contains(one)) findings.problem(id + " has no component '" + one + "'");
        }
        for (const auto& one : there) {
            if (!said.contains(one)) {
                findings.problem("component '" + one + "' of " + id + " is not in the manifest");
            }
        }
    }
}

constexpr Test kTests[] = {
    {"load-now-local", Severity::error, "elf-entry-only-export",
     "The gateway loads with RTLD_NOW and RTLD_LOCAL and calls init(): link every library the file "
     "uses (-z defs) and let init() succeed on any host of the ABI.",
     load_now_local},
    {"load-time", Severity::warning, "load-now-local",
     "Loading delays the start and every reload: do less in constructors and in init().",
     load_time},
    {"init-deinit-cycles", Severity::error, "load-now-local",
     "A file is initialised again if it is loaded again before it was unmapped: let deinit() undo "
     "what init() did.",
     init_deinit_cycles},
    {"unknown-kind-null", Severity::error, "load-now-local",
     "A host asks for kinds by id to see whether they are there: compare the whole id and return "
     "NULL for all others.",
     unknown_kind_null},
    {"manifest-matches-entry", Severity::error, "load-now-local",
     "What the host read before loading must be what the code was built with: put one array into "
     "the section and into bay_entry.manifest.",
     manifest_matches_entry},
    {"components-match-manifest", Severity::error, "load-now-local",
     "The host offers what the manifest names: list the same components in it and in the tables.",
     components_match},
};

}  // namespace

std::span<const Test> load_tests() {
    return kTests;
}

}  // namespace patchbay::check
