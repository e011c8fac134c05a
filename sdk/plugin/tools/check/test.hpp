// A test of plugin-check and what it found.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "subject.hpp"

namespace patchbay::check {

enum class Severity { info, warning, error };
enum class Status { passed, failed, skipped };

const char* name_of(Severity severity);
const char* name_of(Status status);

/// What one test found. `severity` is that of the worst problem, info if there is none.
struct Outcome {
    Status status = Status::passed;
    Severity severity = Severity::info;
    /// The plugin could not be brought to do what the test is about (it crashed, hung, did not
    /// load): tests that need this one would say the same again and are skipped.
    bool broken = false;
    std::vector<std::string> problems;  ///< at most kMostProblems
    std::vector<std::string> notes;
};

constexpr std::size_t kMostProblems = 5;

/// Collects what a test finds. Not thread-safe.
class Findings {
  public:
    explicit Findings(Severity severity) : severity_(severity) {}

    void problem(std::string text) { add(severity_, std::move(text)); }
    void warning(std::string text) { add(Severity::warning, std::move(text)); }
    /// A problem after which the tests that need this one make no sense.
    void broken(std::string text) {
        outcome_.broken = true;
        problem(std::move(text));
    }
    void note(std::string text) { outcome_.notes.push_back(std::move(text)); }
    /// The test does not apply. Problems found before it stand.
    void skip(std::string why);
    /// Enough was found: further problems would not be shown.
    bool full() const { return outcome_.problems.size() >= kMostProblems; }
    bool clean() const { return outcome_.problems.empty(); }
    const Outcome& outcome() const { return outcome_; }

  private:
    void add(Severity severity, std::string text);
    Severity severity_;
    Outcome outcome_;
};

struct Test {
    const char* name;
    Severity severity;  ///< of its problems, unless one says otherwise
    const char* needs;  ///< test that must not be broken; nullptr = none
    /// Why the rule is there and what to do, one sentence.
    const char* rule;
    /// Runs in a child process.
    void (*body)(const Subject&, Findings&);
};

// The tests, by what they are about; all of a group in the order in which they run.
std::span<const Test> static_tests();
std::span<const Test> load_tests();
std::span<const Test> config_tests();
std::span<const Test> exchange_tests();
std::span<const Test> upstream_tests();
std::span<const Test> boundary_tests();
std::span<const Test> concurrency_tests();
std::span<const Test> purity_tests();

/// All of them.
std::vector<Test> all_tests();

}  // namespace patchbay::check
