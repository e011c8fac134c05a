#include "test.hpp"

#include <algorithm>

namespace patchbay::check {

const char* name_of(Severity severity) {
    return severity == Severity::error     ? "error"
           : severity == Severity::warning ? "warning"
                                           : "info";
}

const char* name_of(Status status) {
    return status == Status::passed ? "passed" : status == Status::failed ? "failed" : "skipped";
}

void Findings::skip(std::string why) {
    if (!clean()) return;
    outcome_.status = Status::skipped;
    outcome_.notes.push_back(std::move(why));
}

void Findings::add(Severity severity, std::string text) {
    outcome_.severity = std::max(outcome_.severity, severity);
    if (severity > Severity::info) outcome_.status = Status::failed;
    if (!full()) outcome_.problems.push_back(std::move(text));
}

std::vector<Test> all_tests() {
    std::vector<Test> tests;
    for (const auto group :
         {static_tests(), load_tests(), config_tests(), exchange_tests(), upstream_tests(),
          boundary_tests(), concurrency_tests(), purity_tests()}) {
        tests.insert(tests.end(), group.begin(), group.end());
    }
    return tests;
}

}  // namespace patchbay::check
