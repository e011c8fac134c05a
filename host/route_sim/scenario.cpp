#include "route_sim/scenario.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace patchbay::sim {

namespace {

using Words = std::vector<std::string_view>;

[[noreturn]] void wrong(const std::string& what) {
    throw std::invalid_argument(what);
}

std::string quoted(std::string_view word) {
    return "'" + std::string(word) + "'";
}

double number(std::string_view word) {
    double value = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    if (read.ec != std::errc() || read.ptr != word.data() + word.size() || !std::isfinite(value) ||
        value < 0) {
        wrong(quoted(word) + " is not a number of 0 or more");
    }
    return value;
}

std::int64_t count(std::string_view word) {
    constexpr double kMost = 1e9;
    const double value = number(word);
    if (value > kMost || value != std::floor(value)) wrong(quoted(word) + " is not a count");
    return static_cast<std::int64_t>(value);
}

// "120" is a second, "50%" a part of the whole time, which is kept as its negative.
double time(std::string_view word) {
    if (!word.ends_with('%')) return number(word);
    return -number(word.substr(0, word.size() - 1)) / 100;
}

Words split(std::string_view line, char by) {
    Words words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(by), line.size());
        if (end > 0) words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

/// "name=value".
std::pair<std::string_view, std::string_view> setting(std::string_view word) {
    const std::size_t at = word.find('=');
    if (at == word.npos || at == 0) wrong(quoted(word) + " is not name=value");
    return {word.substr(0, at), word.substr(at + 1)};
}

void least(const Words& words, std::size_t count, const char* form) {
    if (words.size() < count) wrong(std::string("this line has the form: ") + form);
}

template <class Target>
struct Numbers {
    std::string_view name;
    double Target::*first;
    double Target::*second = nullptr;  ///< behind a '/'
};

template <class Target, std::size_t N>
void set(Target& target, std::string_view word, const std::array<Numbers<Target>, N>& known) {
    const auto [name, value] = setting(word);
    for (const auto& row : known) {
        if (row.name != name) continue;
        const Words parts = split(value, '/');
        if (parts.size() != (row.second ? 2u : 1u)) {
            wrong(quoted(name) +
                  (row.second ? " wants two numbers, median/95th" : " wants a number"));
        }
        target.*row.first = number(parts[0]);
        if (row.second) target.*row.second = number(parts[1]);
        return;
    }
    wrong(quoted(name) + " is not known here");
}

constexpr std::array kTraffic = {
    Numbers<Traffic>{"rate", &Traffic::rate},
    Numbers<Traffic>{"prompt", &Traffic::prompt_p50, &Traffic::prompt_p95},
    Numbers<Traffic>{"answer", &Traffic::answer_p50, &Traffic::answer_p95},
    Numbers<Traffic>{"burst", &Traffic::burst},
};
constexpr std::array kSessions = {
    Numbers<Sessions>{"rate", &Sessions::rate},
    Numbers<Sessions>{"turns", &Sessions::turns},
    Numbers<Sessions>{"think", &Sessions::think},
    Numbers<Sessions>{"lead", &Sessions::lead},
    Numbers<Sessions>{"apps", &Sessions::apps},
    Numbers<Sessions>{"turn", &Sessions::turn},
    Numbers<Sessions>{"answer", &Sessions::answer_p50, &Sessions::answer_p95},
    Numbers<Sessions>{"named", &Sessions::named},
};

/// Reads line by line into a scenario; throws invalid_argument.
class ScenarioReader {
  public:
    explicit ScenarioReader(Scenario& to) : to_(to) {}

    void line(const Words& words) {
        struct Row {
            std::string_view name;
            void (ScenarioReader::*read)(const Words&);
        };
        constexpr auto kRows = std::to_array<Row>({{"lane", &ScenarioReader::lane},
                                                   {"at", &ScenarioReader::at},
                                                   {"traffic", &ScenarioReader::traffic},
                                                   {"sessions", &ScenarioReader::sessions},
                                                   {"call", &ScenarioReader::call},
                                                   {"saw", &ScenarioReader::saw}});
        for (const Row& row : kRows) {
            if (row.name == words.front()) return (this->*row.read)(words);
        }
        wrong(quoted(words.front()) + " is none of lane, at, traffic, sessions, call, saw");
    }
    void finish() const {
        if (to_.lanes.empty()) wrong("there is no lane");
        if (to_.lanes.front().later) wrong("the first lane is there from the beginning");
        const bool calls = to_.traffic.rate > 0 || to_.sessions.rate > 0 || !to_.calls.empty();
        if (!calls) wrong("there are no calls: traffic, sessions or call");
    }

  private:
    std::size_t lane_of(std::string_view name) const {
        for (std::size_t i = 0; i < to_.lanes.size(); ++i) {
            if (to_.lanes[i].name == name) return i;
        }
        wrong("there is no lane " + quoted(name) + " above this line");
    }

    void lane(const Words& words) {
        least(words, 3, "lane NAME SHAPE [later] [weight=1] [number=value ...]");
        const auto& shapes = lane_shapes();
        const auto shape = std::find_if(shapes.begin(), shapes.end(),
                                        [&](const LaneShape& one) { return one.name == words[2]; });
        if (shape == shapes.end()) wrong("there is no shape " + quoted(words[2]));
        LaneSpec made{std::string(words[1]), *shape, 1, false, {}};
        for (const LaneSpec& other : to_.lanes) {
            if (other.name == made.name) wrong("there is a lane " + quoted(made.name) + " already");
        }
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (words[i] == "later") {
                made.later = true;
                continue;
            }
            const auto [name, value] = setting(words[i]);
            if (name == "weight") {
                made.weight = number(value);
            } else if (!set_number(made.shape, name, number(value))) {
                wrong(quoted(name) + " is no number of a lane");
            }
        }
        to_.lanes.push_back(std::move(made));
    }

    void at(const Words& words) {
        constexpr const char* kForm = "at SECOND|SHARE% slow|hang|die|recover|add LANE [FACTOR]";
        using Kind = WorldEvent::Kind;
        constexpr std::pair<std::string_view, Kind> kKinds[] = {{"slow", Kind::slow},
                                                                {"hang", Kind::hang},
                                                                {"die", Kind::die},
                                                                {"recover", Kind::recover},
                                                                {"add", Kind::add}};
        least(words, 4, kForm);
        const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                        [&](const auto& one) { return one.first == words[2]; });
        if (kind == std::end(kKinds)) wrong(std::string("this line has the form: ") + kForm);
        WorldEvent event{time(words[1]), kind->second, lane_of(words[3]), 1};
        if (event.kind == Kind::slow) {
            least(words, 5, kForm);
            event.factor = number(words[4]);
        }
        to_.events.push_back(event);
    }

    void traffic(const Words& words) {
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (words[i].starts_with("burst=")) {
                const Words parts = split(words[i].substr(6), '/');
                if (parts.size() != 3) wrong("burst=BEGIN/LENGTH/FACTOR");
                to_.traffic.burst_at = time(parts[0]);
                to_.traffic.burst_for = time(parts[1]);
                to_.traffic.burst = number(parts[2]);
            } else {
                set(to_.traffic, words[i], kTraffic);
            }
        }
    }
    void sessions(const Words& words) {
        for (std::size_t i = 1; i < words.size(); ++i) set(to_.sessions, words[i], kSessions);
    }

    void call(const Words& words) {
        least(words, 4, "call SECOND PROMPT ANSWER [session=NAME] [lead=NAME/TOKENS]");
        CallSpec made{number(words[1]), count(words[2]), count(words[3]), {}, {}, 0};
        for (std::size_t i = 4; i < words.size(); ++i) {
            const auto [name, value] = setting(words[i]);
            const Words parts = split(value, '/');
            if (name == "session" && parts.size() == 1) {
                made.session = value;
            } else if (name == "lead" && parts.size() == 2) {
                made.lead = parts[0];
                made.lead_tokens = count(parts[1]);
            } else {
                wrong(quoted(words[i]) + " is neither session=NAME nor lead=NAME/TOKENS");
            }
        }
        to_.calls.push_back(std::move(made));
    }

    void saw(const Words& words) {
        least(words, 6, "saw LANE PROMPT FIRST_TOKEN SECONDS_PER_TOKEN STATUS");
        const Sample sample{number(words[3]), number(words[4]), static_cast<int>(count(words[5]))};
        to_.lanes[lane_of(words[1])].samples.emplace_back(count(words[2]), sample);
    }

    Scenario& to_;
};

}  // namespace

std::optional<Scenario> read_scenario(std::string name, std::string_view text,
                                      std::string& problem) {
    Scenario scenario;
    scenario.name = std::move(name);
    ScenarioReader reader(scenario);
    int number = 0;
    try {
        while (!text.empty()) {
            ++number;
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            line = line.substr(0, line.find('#'));
            while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
                line.remove_suffix(1);
            const Words words = split(line, ' ');
            if (!words.empty()) reader.line(words);
        }
        reader.finish();
    } catch (const std::invalid_argument& what) {
        problem = scenario.name + ":" + std::to_string(number) + ": " + what.what();
        return std::nullopt;
    }
    return scenario;
}

}  // namespace patchbay::sim
