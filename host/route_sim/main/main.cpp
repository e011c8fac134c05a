// patchbay-route-sim: what each routing strategy does with the same calls, in virtual time.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <spdlog/spdlog.h>

#include "route_sim/report.hpp"
#include "route_sim/simulation.hpp"

namespace patchbay::sim {
namespace {

constexpr const char* kUsage =
    R"(usage: patchbay-route-sim [options] [SCENARIO|FILE ...]

Simulates routing strategies on scenarios, of its own or of files, and prints a table of how they did.

  --strategy A,B    only these; "+hedge" behind a name adds second attempts
  --seeds A..B      luck, from 1; each seed is a run of its own, and the table has the medians (1)
  --seconds N       how long it lasts (600); files with calls of their own last as long as those
  --list            names of scenarios, strategies and shapes of deployments
  --show SCENARIO   the scenario as a file
)";

struct Arguments {
    std::vector<std::string> scenarios;
    std::vector<std::string> strategies = contender_names();
    std::uint64_t first_seed = 1;
    std::uint64_t last_seed = 1;
    double seconds = 600;
};

[[noreturn]] void die(const std::string& why) {
    std::cerr << "patchbay-route-sim: " << why << '\n';
    std::exit(2);
}

std::uint64_t natural(const std::string& text, std::uint64_t most) {
    const bool digits =
        !text.empty() && text.size() < 10 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::uint64_t value = digits ? std::stoull(text) : 0;
    if (value == 0 || value > most) {
        die("'" + text + "' is not a number from 1 to " + std::to_string(most));
    }
    return value;
}

void read_seeds(const std::string& text, Arguments& to) {
    constexpr std::uint64_t kMostSeeds = 1'000'000;
    const std::size_t dots = text.find("..");
    to.first_seed = natural(text.substr(0, dots), kMostSeeds);
    to.last_seed =
        dots == std::string::npos ? to.first_seed : natural(text.substr(dots + 2), kMostSeeds);
    if (to.last_seed < to.first_seed) die("--seeds " + text + " ends before it begins");
}

std::vector<std::string> read_names(const std::string& text) {
    std::vector<std::string> names;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t end = std::min(text.find(',', from), text.size());
        names.push_back(text.substr(from, end - from));
        if (!contender_of(names.back()))
            die("there is no strategy '" + names.back() + "'; see --list");
        from = end + 1;
    }
    return names;
}

void list() {
    std::cout << "scenarios:";
    for (const auto& [name, text] : known_scenarios()) std::cout << ' ' << name;
    std::cout << "\nstrategies:";
    for (const std::string& name : contender_names()) std::cout << ' ' << name;
    std::cout << "\nshapes:";
    for (const LaneShape& shape : lane_shapes()) std::cout << ' ' << shape.name;
    std::cout << '\n';
}

const std::string* known_text(const std::string& name) {
    for (const auto& [known, text] : known_scenarios()) {
        if (known == name) return &text;
    }
    return nullptr;
}

Scenario load(const std::string& name) {
    std::string text;
    if (const std::string* known = known_text(name)) {
        text = *known;
    } else {
        std::ifstream file(name, std::ios::binary);
        if (!file) die("there is no scenario and no file '" + name + "'");
        text.assign(std::istreambuf_iterator<char>(file), {});
    }
    std::string problem;
    auto scenario = read_scenario(name, text, problem);
    if (!scenario) die(problem);
    return std::move(*scenario);
}

Arguments read_arguments(const std::vector<std::string>& given) {
    constexpr std::uint64_t kMostSeconds = 1'000'000;
    Arguments arguments;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::string& word = given[i];
        if (!word.starts_with("--")) {
            arguments.scenarios.push_back(word);
            continue;
        }
        if (word == "--help") {
            std::cout << kUsage;
            std::exit(0);
        }
        if (word == "--list") {
            list();
            std::exit(0);
        }
        if (i + 1 == given.size()) die(word + " is not known, or wants a value; see --help");
        const std::string& value = given[++i];
        if (word == "--strategy") {
            arguments.strategies = read_names(value);
        } else if (word == "--seeds") {
            read_seeds(value, arguments);
        } else if (word == "--seconds") {
            arguments.seconds = static_cast<double>(natural(value, kMostSeconds));
        } else if (word == "--show") {
            const std::string* text = known_text(value);
            if (!text) die("there is no scenario '" + value + "'; see --list");
            std::cout << *text;
            std::exit(0);
        } else {
            die(word + " is not known; see --help");
        }
    }
    if (arguments.scenarios.empty()) {
        for (const auto& [name, text] : known_scenarios()) arguments.scenarios.push_back(name);
    }
    return arguments;
}

int run(const Arguments& arguments) {
    std::vector<Scenario> scenarios;
    for (const std::string& name : arguments.scenarios) scenarios.push_back(load(name));
    Report report(std::cout);
    for (const Scenario& scenario : scenarios) {
        std::map<std::string, std::vector<Score>> scores;
        for (std::uint64_t seed = arguments.first_seed; seed <= arguments.last_seed; ++seed) {
            const auto calls = make_calls(scenario, arguments.seconds, seed);
            for (const std::string& name : arguments.strategies) {
                scores[name].push_back(
                    simulate(scenario, calls, *contender_of(name), arguments.seconds, seed));
            }
        }
        for (const std::string& name : arguments.strategies) {
            report.add(scenario.name, name, scores.at(name));
        }
    }
    return 0;
}

}  // namespace
}  // namespace patchbay::sim

int main(int argc, char** argv) {
    spdlog::set_level(spdlog::level::off);
    return patchbay::sim::run(
        patchbay::sim::read_arguments(std::vector<std::string>(argv + 1, argv + argc)));
}
