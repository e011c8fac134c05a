#include "report.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace patchbay::check {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

// Control characters would move the terminal.
std::string printable(const std::string& text) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            shown += "\n          ";
        } else if (byte < 0x20 || byte == 0x7F) {
            shown += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
        } else {
            shown += c;
        }
    }
    return shown;
}

std::ptrdiff_t count(const std::vector<Result>& results, Status status,
                     Severity least = Severity::info, Severity most = Severity::error) {
    return std::count_if(results.begin(), results.end(), [&](const Result& r) {
        return r.outcome.status == status && r.outcome.severity >= least &&
               r.outcome.severity <= most;
    });
}

}  // namespace

std::string as_text(const Result& result) {
    const Outcome& o = result.outcome;
    std::string text = o.status == Status::passed      ? "ok       "
                       : o.status == Status::skipped   ? "skipped  "
                       : o.severity == Severity::error ? "FAILED   "
                                                       : "warning  ";
    text += result.name + "\n";
    for (const std::string& problem : o.problems) text += "        " + printable(problem) + "\n";
    for (const std::string& note : o.notes) text += "        " + printable(note) + "\n";
    if (o.status == Status::failed) text += "        " + result.rule + "\n";
    return text;
}

std::string summary(const std::vector<Result>& results) {
    return std::to_string(count(results, Status::passed)) + " passed, " +
           std::to_string(count(results, Status::failed, Severity::error)) + " failed, " +
           std::to_string(count(results, Status::failed, Severity::info, Severity::warning)) +
           " warnings, " + std::to_string(count(results, Status::skipped)) + " skipped\n";
}

std::string as_json(const Subject& subject, const std::vector<Result>& results) {
    json::array tests;
    for (const Result& r : results) {
        tests.push_back(json::object{{"name", r.name},
                                     {"status", name_of(r.outcome.status)},
                                     {"severity", name_of(r.outcome.severity)},
                                     {"rule", r.rule},
                                     {"problems", to_json(r.outcome.problems)},
                                     {"notes", to_json(r.outcome.notes)}});
    }
    json::object document{{"file", subject.path}, {"seed", subject.seed}};
    if (subject.manifest) {
        document["id"] = subject.manifest->id;
        document["version"] = subject.manifest->version;
    }
    document["passed"] = all_good(results);
    document["tests"] = std::move(tests);
    return json::serialize(document) + "\n";
}

bool all_good(const std::vector<Result>& results) {
    return count(results, Status::failed, Severity::error) == 0;
}

}  // namespace patchbay::check
