// What a deployment does with an attempt, in the simulation of routing: how long it takes, what it
// costs, how it fails. docs/routing.md describes the shapes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "contract/error.hpp"
#include "engine/lanes/draw.hpp"
#include "engine/lanes/lane_load.hpp"
#include "engine/models/cache_rules.hpp"
#include "engine/surface/prefix_keys.hpp"

namespace patchbay::sim {

/// Numbers of a provider, made by us after what such providers are like. Seconds and shares; prices
/// in dollars for a million tokens.
struct LaneShape {
    std::string_view name;
    std::string_view provider;  ///< whose prompt cache it has (cache_rules.hpp), with `model`
    std::string_view model;
    double first_p50 = 0.5;  ///< first token of a short prompt: lognormal
    double first_p95 = 1.0;
    double tail = 0.01;       ///< a share of them takes a Pareto factor more
    double alpha = 1.5;       ///< of which this is the exponent
    double prompt = 5e-5;     ///< for each token of the prompt that is not cached
    double token_p50 = 0.01;  ///< for each token of the answer: lognormal
    double token_p95 = 0.02;
    double knee = 50;     ///< attempts under way; with twice as many all takes twice as long
    double fail = 0.002;  ///< share of attempts that fail while all is well
    double bad = 0;       ///< share of the time that is bad, in spells
    double spell = 20;    ///< mean length of a bad spell
    double bad_fail = 0.2;
    double bad_slow = 3;  ///< factor on all times
    double hang = 0;      ///< share of attempts that never say anything
    double rpm = 0;       ///< requests of a minute, counted in windows; 0 = no limit
    double window = 60;
    double in = 2.5;
    double cached = 1.25;
    double out = 10;
};

/// The shapes that come with the simulator.
const std::vector<LaneShape>& lane_shapes();
/// Sets a number of the shape by its name in the list above. False: there is none.
bool set_number(LaneShape& shape, std::string_view name, double value);

/// One attempt as an operator's log has it.
struct Sample {
    double first_token = 0;  ///< seconds
    double per_token = 0;
    int status = 200;
};

/// What an attempt asks for.
struct AttemptAsk {
    const PrefixKeys* keys = nullptr;  ///< never null
    std::int64_t prompt = 0;
    std::int64_t answer = 0;
};

struct Outcome {
    double first_token = 0;   ///< seconds from the start; infinite: it never says anything
    double end = 0;           ///< likewise; of a failure when it comes
    std::int64_t cached = 0;  ///< tokens of the prompt
    bool failed = false;
    Error error;
};

/// A deployment as it is at a time: under way, in a bad spell, with what its prompt cache keeps.
class LaneModel {
  public:
    LaneModel(const LaneShape& shape, std::uint64_t seed) : shape_(shape), luck_(seed) {}

    /// Attempts that were seen; where there are some of a prompt's class they are drawn from.
    void add_sample(std::int64_t prompt, const Sample& sample) {
        samples_[prompt_class(prompt)].push_back(sample);
    }

    Outcome start(const AttemptAsk& ask, double now, Draw draw);
    /// The attempt is over, by its end or by being cancelled.
    void end() { --under_way_; }
    /// It read all of the prompt, which is in the cache now.
    void keep(const PrefixKeys& keys, double now);

    void set_slow(double factor) { slow_ = factor; }
    void set_dead(bool dead) { dead_ = dead; }
    void set_hanging(bool hanging) { hanging_ = hanging; }
    const LaneShape& shape() const { return shape_; }
    /// Dollars.
    double price(std::int64_t prompt, std::int64_t cached, double answer) const;

  private:
    bool is_bad(double now);
    bool refuses(double now, double& retry_after);
    std::int64_t cached_tokens(const PrefixKeys& keys, double now) const;

    const LaneShape shape_;
    Draw luck_;
    std::vector<Sample> samples_[kPromptClasses];
    int under_way_ = 0;
    double slow_ = 1;
    bool dead_ = false;
    bool hanging_ = false;
    bool bad_ = false;
    double turns_at_ = 0;  ///< when the spell ends
    std::int64_t window_ = -1;
    double in_window_ = 0;
    std::unordered_map<std::uint64_t, double> kept_;  ///< until when
};

}  // namespace patchbay::sim
