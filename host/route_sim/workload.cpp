#include "route_sim/workload.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "contract/text_hash.hpp"
#include "engine/lanes/draw.hpp"

namespace patchbay::sim {

namespace {

constexpr double kSigmas95 = 1.6449;
constexpr std::int64_t kMostPrompt = 200'000;
constexpr std::int64_t kMostAnswer = 8'000;

double normal(Draw& draw) {
    const double u = std::max(draw.uniform(), 1e-12);
    return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * draw.uniform());
}

std::int64_t size(Draw& draw, double p50, double p95, std::int64_t most) {
    const double drawn = p50 * std::exp(normal(draw) * std::log(p95 / p50) / kSigmas95);
    return std::clamp<std::int64_t>(std::llround(drawn), 1, most);
}

double exponential(Draw& draw, double mean) {
    return -std::log(std::max(draw.uniform(), 1e-12)) * mean;
}

/// The messages of a conversation so far.
class Conversation {
  public:
    Conversation(std::uint64_t id, std::uint64_t lead, std::int64_t lead_tokens) : id_(id) {
        if (lead_tokens <= 0) return;
        add(lead, lead_tokens);
        lead_ = 1;
    }
    void add(std::uint64_t what, std::int64_t tokens) {
        hash_ = hash_text({}, hash_ ^ what);
        tokens_ += tokens;
        keys_.blocks.push_back({hash_, static_cast<std::uint32_t>(tokens_), false, false});
    }
    void say(std::int64_t tokens) { add(text_hash::mix(id_ | 1, ++said_ ^ text_hash::kB), tokens); }

    /// The next call's prompt: the beginning and the newest message are marked, as clients do it.
    PrefixKeys keys() const {
        PrefixKeys keys = keys_;
        keys.lead = lead_;
        if (keys.blocks.empty()) return keys;
        keys.root = keys.blocks[std::min(lead_, keys.blocks.size() - 1)].hash;
        keys.blocks.back().marked = true;
        if (lead_ > 0) keys.blocks.front().marked = keys.blocks.front().before_mark = true;
        const std::size_t count = keys.blocks.size();
        const std::size_t far = count > kBlocksBeforeMark ? count - kBlocksBeforeMark - 1 : 0;
        for (std::size_t i = far; i < count; ++i) keys.blocks[i].before_mark = true;
        return keys;
    }
    std::int64_t tokens() const { return tokens_; }

  private:
    std::uint64_t id_;
    std::uint64_t hash_ = 0;
    std::uint64_t said_ = 0;
    std::int64_t tokens_ = 0;
    std::size_t lead_ = 0;
    PrefixKeys keys_;
};

void add_traffic(const Traffic& traffic, double seconds, Draw draw, std::vector<SimCall>& calls) {
    if (traffic.rate <= 0) return;
    const double from = second_of(traffic.burst_at, seconds);
    const double to = from + second_of(traffic.burst_for, seconds);
    for (double at = 0;;) {
        const double rate = traffic.rate * (at >= from && at < to ? traffic.burst : 1);
        at += exponential(draw, 1 / rate);
        if (at >= seconds) return;
        SimCall call;
        call.at = at;
        call.prompt = size(draw, traffic.prompt_p50, traffic.prompt_p95, kMostPrompt);
        call.answer = size(draw, traffic.answer_p50, traffic.answer_p95, kMostAnswer);
        Conversation one(draw.bits(), 0, 0);
        one.say(call.prompt);
        call.keys = one.keys();
        calls.push_back(std::move(call));
    }
}

void add_sessions(const Sessions& sessions, double seconds, Draw draw,
                  std::vector<SimCall>& calls) {
    if (sessions.rate <= 0) return;
    for (double begins = 0;;) {
        begins += exponential(draw, 1 / sessions.rate);
        if (begins >= seconds) return;
        const std::uint64_t id = draw.bits();
        const auto app = static_cast<std::uint64_t>(draw.uniform() * std::max(sessions.apps, 1.0));
        Conversation talk(id, hash_text("application", app),
                          static_cast<std::int64_t>(sessions.lead));
        const bool named = draw.uniform() < sessions.named;
        // Calls come when the conversation's clock says so, however long answers take, so that all
        // strategies have the same calls.
        for (double at = begins; at < seconds && talk.tokens() < kMostPrompt;) {
            talk.say(1 + std::llround(exponential(draw, sessions.turn)));
            SimCall call;
            call.at = at;
            call.prompt = talk.tokens();
            call.answer = size(draw, sessions.answer_p50, sessions.answer_p95, kMostAnswer);
            call.session = named ? id | 1 : 0;
            call.keys = talk.keys();
            talk.say(call.answer);
            calls.push_back(std::move(call));
            if (draw.uniform() * sessions.turns < 1) break;
            at += 2 + exponential(draw, sessions.think);
        }
    }
}

void add_logged(const std::vector<CallSpec>& logged, std::vector<SimCall>& calls) {
    std::map<std::string, Conversation> talks;
    for (std::size_t i = 0; i < logged.size(); ++i) {
        const CallSpec& spec = logged[i];
        const std::string name =
            spec.session.empty() ? "#" + std::to_string(i) : "=" + spec.session;
        const std::uint64_t id = hash_text(name);
        auto found = talks.find(name);
        if (found == talks.end()) {
            const auto lead = std::min(spec.lead_tokens, spec.prompt);
            found = talks.emplace(name, Conversation(id, hash_text(spec.lead), lead)).first;
        }
        Conversation& talk = found->second;
        talk.say(std::max<std::int64_t>(spec.prompt - talk.tokens(), 1));
        SimCall call;
        call.at = spec.at;
        call.prompt = spec.prompt;
        call.answer = spec.answer;
        call.session = spec.session.empty() ? 0 : id | 1;
        call.keys = talk.keys();
        calls.push_back(std::move(call));
        if (spec.session.empty()) talks.erase(found);
    }
}

}  // namespace

std::vector<SimCall> make_calls(const Scenario& scenario, double seconds, std::uint64_t seed) {
    std::vector<SimCall> calls;
    add_traffic(scenario.traffic, seconds, Draw(text_hash::mix(seed + 1, text_hash::kA)), calls);
    add_sessions(scenario.sessions, seconds, Draw(text_hash::mix(seed + 1, text_hash::kB)), calls);
    add_logged(scenario.calls, calls);
    std::stable_sort(calls.begin(), calls.end(),
                     [](const SimCall& a, const SimCall& b) { return a.at < b.at; });
    return calls;
}

}  // namespace patchbay::sim
