// plugin-check: does a plugin file keep the rules of the ABI? See docs/plugin-check.md. Exit
// status: 0 it does, 1 it does not, 2 wrong usage or an unreadable file.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <set>
#include <stdexcept>

#include "child.hpp"
#include "fuzz.hpp"
#include "report.hpp"

namespace patchbay::check {
namespace {

constexpr const char* kUsage =
    "usage: plugin-check [OPTION...] PLUGIN.so [TRANSCRIPT...]\n"
    "       plugin-check fuzz [--seconds N] [--seed N] PLUGIN.so [TRANSCRIPT...]\n"
    "  --only NAME...     run only these tests\n"
    "  --only-failed      print only what failed\n"
    "  --json             print one JSON document\n"
    "  --list             print the names of the tests and their rules\n"
    "  --seed N           where random values begin (1)\n"
    "  --reproduce SEED   play one case of the fuzzer again\n"
    "  --limit N          seconds that one test may take (60)\n";

struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Options {
    bool fuzz = false, json = false, only_failed = false, list = false;
    std::set<std::string> only;
    std::uint64_t seed = 1;
    std::chrono::seconds fuzz_time{10};
    std::chrono::seconds limit{60};
    std::optional<std::uint64_t> reproduce;
    std::vector<std::string> files;
};

Options parse(const std::vector<std::string>& words) {
    Options options;
    const auto tests = all_tests();
    const auto is_test = [&](const std::string& word) {
        return std::any_of(tests.begin(), tests.end(),
                           [&](const Test& test) { return test.name == word; });
    };
    std::size_t i = 0;
    const auto number = [&](std::uint64_t least) {
        const std::string option = words[i];
        if (++i == words.size()) throw UsageError(option + " needs a number");
        std::uint64_t value = 0;
        const std::string& word = words[i];
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size() || value < least) {
            throw UsageError("'" + word + "' is not a number for " + option);
        }
        return value;
    };
    const auto seconds = [&] {
        constexpr std::uint64_t kMost = 1'000'000;
        return std::chrono::seconds(std::min(number(1), kMost));
    };
    for (; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "fuzz" && i == 0) {
            options.fuzz = true;
        } else if (word == "--json") {
            options.json = true;
        } else if (word == "--only-failed") {
            options.only_failed = true;
        } else if (word == "--list") {
            options.list = true;
        } else if (word == "--seed") {
            options.seed = number(0);
        } else if (word == "--reproduce") {
            options.reproduce = number(0);
        } else if (word == "--limit") {
            options.limit = seconds();
        } else if (word == "--seconds" && options.fuzz) {
            options.fuzz_time = seconds();
        } else if (word == "--only") {
            const std::size_t before = options.only.size();
            while (i + 1 < words.size() && is_test(words[i + 1])) options.only.insert(words[++i]);
            if (options.only.size() == before) {
                throw UsageError(i + 1 < words.size() ? "there is no test '" + words[i + 1] + "'"
                                                      : std::string("--only needs a test"));
            }
        } else if (word.starts_with("-")) {
            throw UsageError("unknown option '" + word + "'");
        } else {
            options.files.push_back(word);
        }
    }
    if (!options.list && options.files.empty()) throw UsageError("which plugin?");
    return options;
}

std::vector<Result> run_tests(const Subject& subject, const Options& options) {
    std::vector<Result> results;
    std::set<std::string> broken;
    for (const Test& test : all_tests()) {
        if (!options.only.empty() && !options.only.contains(test.name)) continue;
        Outcome outcome;
        const std::string needs = test.needs ? test.needs : "";
        if (broken.contains(needs)) {
            outcome.status = Status::skipped;
            outcome.broken = true;
            outcome.notes.push_back("because of " + needs);
        } else if (!subject.manifest && std::string_view(test.name) != "manifest-valid" &&
                   (!needs.empty())) {
            outcome.status = Status::skipped;
            outcome.broken = true;
            outcome.notes.push_back("because of manifest-valid");
        } else {
            outcome = run_in_child([&](Findings& findings) { test.body(subject, findings); },
                                   test.severity, options.limit);
        }
        if (outcome.broken) broken.insert(test.name);
        results.push_back({test.name, test.rule, std::move(outcome)});
        if (!options.json &&
            (!options.only_failed || results.back().outcome.status == Status::failed)) {
            std::fputs(as_text(results.back()).c_str(), stdout);
            std::fflush(stdout);
        }
    }
    return results;
}

int run(const std::vector<std::string>& words) {
    const Options options = parse(words);
    if (options.list) {
        for (const Test& test : all_tests()) std::printf("%s\n    %s\n", test.name, test.rule);
        return 0;
    }
    const Subject subject = read_subject(
        options.files.front(), {options.files.begin() + 1, options.files.end()}, options.seed);
    std::vector<Result> results;
    if (options.fuzz || options.reproduce) {
        if (!subject.manifest)
            throw std::runtime_error(subject.path + ": " + subject.manifest_problem);
        Outcome outcome = options.reproduce ? reproduce(subject, *options.reproduce)
                                            : fuzz(subject, options.fuzz_time);
        results.push_back(
            {"fuzz",
             "Whatever clients and upstreams send, an exchange ends with fail() or an "
             "answer, and feed() returns BAY_OK.",
             std::move(outcome)});
        if (!options.json) std::fputs(as_text(results.back()).c_str(), stdout);
    } else {
        results = run_tests(subject, options);
    }
    std::fputs(options.json ? as_json(subject, results).c_str() : summary(results).c_str(), stdout);
    return all_good(results) ? 0 : 1;
}

}  // namespace
}  // namespace patchbay::check

int main(int count, char** arguments) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = arguments[i];
        if (word == "--help" || word == "-h") {
            std::fputs(patchbay::check::kUsage, stdout);
            return 0;
        }
    }
    try {
        return patchbay::check::run({arguments + 1, arguments + count});
    } catch (const patchbay::check::UsageError& error) {
        std::fprintf(stderr, "plugin-check: %s\n%s", error.what(), patchbay::check::kUsage);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "plugin-check: %s\n", error.what());
    }
    return 2;
}
