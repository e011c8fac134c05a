// What a call tries next: the one place where it is decided.
//
// A state machine without I/O: who drives it tells what happened and what time it is, and gets the
// next step. The gateway drives it with its loop and its clock, tests with neither.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "contract/error.hpp"
#include "engine/lanes/draw.hpp"
#include "engine/lanes/gate.hpp"
#include "engine/lanes/group_tables.hpp"
#include "engine/router/fallbacks.hpp"
#include "engine/router/retries.hpp"
#include "engine/router/route_gate.hpp"
#include "engine/router/router.hpp"
#include "engine/router/strategies.hpp"
#include "engine/router/trace.hpp"
#include "engine/surface/request_options.hpp"

namespace patchbay {

namespace access {
struct Principal;
}

/// What routing must know of a call. Views and pointers outlive the plan.
struct RouteAsk {
    const Operation* native = nullptr;  ///< what the client speaks; null = it must be translated
    const Operation* hub = nullptr;     ///< what it can be translated to; null = nothing
    /// It has tools that only deployments with `custom_tools` take in what the client speaks.
    bool openais_tools = false;
    const RequestOptions* options = nullptr;
    /// Of the caller's key and its team: they choose as those of the request do.
    std::span<const std::string> key_tags{};
    std::string_view path;             ///< in messages of what cannot be found
    std::string_view home;             ///< id of the one deployment that can serve it; empty = any
    std::string_view region;           ///< the only one whose deployments it may go to; empty = any
    std::string_view guardrails;       ///< those that look at the call, comma separated
    std::size_t prompt_tokens = 0;     ///< an estimate; 0 = nobody asks
    std::int64_t answer_tokens = 0;    ///< at most so many are wanted; 0 = the client does not say
    const PrefixKeys* keys = nullptr;  ///< null: nobody asks how the prompt begins
    bool schema = false;  ///< its answer is to be of a schema, and who takes none is to be left out
    bool picture = false;  ///< it shows one, and who sees none is the second choice
    bool stream = false;
    bool hedge =
        false;  ///< a second attempt may be made beside the first: nothing but tokens is lost
    bool check = false;         ///< a health check: how it ends is for who makes it to tell
    bool names_group = true;    ///< errors tell the client which model group it was
    RouteGate* gate = nullptr;  ///< budgets that its attempts need room in; null = there are none
    /// Fallbacks are of its models alone; null = of all.
    const access::Principal* bound = nullptr;
    bool only_free = false;  ///< fallbacks must cost nothing: a budget is used up
    FallbackGate* turning =
        nullptr;             ///< asked of each fallback; null = nobody's limits concern the call
    std::string_view key{};  ///< of whom the call is; empty = of a key that nobody knows
    std::optional<int> priority{};   ///< in a queue, the lower first; nullopt: it names none
    std::size_t size = 0;            ///< bytes that are held while it waits
    std::string* explain = nullptr;  ///< gets what the plan thought; null = nobody asks
    int fallbacks = 0;  ///< taken before: the first group stands in for one that nobody has
};

/// Who of the group speaks one of the operations that the call can be made of, and can serve it?
LaneSet servers(const ModelGroup& group, const RouteAsk& ask);

/// What a good attempt was like, for the strategies.
struct AttemptFacts {
    std::chrono::nanoseconds duration{0};
    std::chrono::nanoseconds first_token{0};  ///< 0 = it was no stream
    std::uint64_t tokens = 0;                 ///< of question and answer
    std::uint64_t answer_tokens = 0;
    std::uint64_t cached_tokens = 0;  ///< of the question: out of the provider's prompt cache
};

struct Step {
    enum class Kind {
        start,  ///< send to deployment(), then tell answered() or failed()
        wait,   ///< until `at`, or, after queue(), until its turn comes; then tell woke()
        queue,  ///< all that it could be sent to are busy: call queue()
        fail,   ///< error() is the client's
    };
    Kind kind = Kind::fail;
    std::chrono::steady_clock::time_point at{};
};

/// Of one call, on its loop's thread. Allocates nothing while nothing fails. If it is destroyed
/// while an attempt is under way, the call was left: the attempt counts for nothing, but for what left() tells.
class Plan {
  public:
    /// The snapshot and what `ask` points to outlive the plan.
    Plan(const Snapshot& world, ModelRoute route, const RouteAsk& ask, Draw draw);
    ~Plan();
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    Step begin(const Now& now);
    /// The attempt failed; `error` is fit to be shown. `committed`: the client has something of its
    /// answer already, so that nothing else can be tried.
    Step failed(Error error, bool committed, const Now& now);
    Step woke(const Now& now);
    /// Puts the call into its group's queue. `turn`, which outlives its place there (leave_queue()), is
    /// told when it comes; without one, who drives the plan comes back soon. Never Kind::queue.
    Step queue(Gate::Turn* turn, const Now& now);
    void leave_queue() { place_.leave(); }
    /// How long it has waited in queues.
    std::chrono::nanoseconds queued() const { return queued_; }
    /// The attempt's stream has said something, for the first time. `beside`: it was the one beside
    /// the first, which takes its place; the other is over, for who drives the plan to cancel.
    void spoke(const Now& now, bool beside = false);
    /// Is anybody waiting to be told that?
    bool waits() const { return run_.waits; }

    /// May the attempt that was started have one beside it at all?
    bool may_hedge() const;
    /// When a second attempt may be begun beside the one that was started, if that says nothing
    /// until then (hedging). nullopt: not for this attempt.
    std::optional<std::chrono::steady_clock::time_point> hedge_at(const Now& now) const;
    /// That time has come. True: beside() is to be asked, too, and spoke() or fell() to be told of
    /// each of the two. False: nobody is there for it, or it may not be paid for.
    bool hedge(const Now& now);
    /// It was false: when to look again. Each time after twice as long, for as long as nothing is said: who
    /// hangs longest needs it most, and meanwhile others pay for it and places come free.
    std::chrono::steady_clock::time_point hedge_again(const Now& now) const {
        return now.steady + std::max<std::chrono::nanoseconds>(now.steady - run_.started,
                                                               std::chrono::milliseconds(1));
    }
    /// The second attempt that is under way.
    const Deployment& beside() const { return *beside_.version; }
    const Operation& beside_operation() const { return *beside_.operation; }
    bool has_beside() const { return beside_.under_way; }
    /// One of two attempts failed before it said anything: the other goes on as the only one, and
    /// counts as the retry.
    void fell(const Error& error, bool beside, const Now& now);
    /// How many attempts were begun beside another one.
    int hedges() const { return hedges_; }
    void answered(const AttemptFacts& facts, const Now& now);
    /// The attempt ended without saying anything of its deployment: a guardrail stopped it.
    void dropped();
    /// The client has left. Attempts that were waited for have said nothing for so long at least; one that
    /// hangs would else be forgotten with each client that gives up.
    void left(const Now& now);

    /// Of the step: the group, what was chosen of it, the version of its plugin that the attempt
    /// goes to, and the API in which it is asked.
    const ModelRoute& route() const { return route_; }
    const Deployment& chosen() const { return *route_.group->deployments[run_.place]; }
    const Deployment& deployment() const { return *run_.version; }
    const Operation& operation() const { return *run_.operation; }

    /// Is there a group for what this one's provider does not say? Then an answer whose content was
    /// taken out counts as a failure.
    bool watches_content() const {
        return lists_.for_content_policy() &&
               fallbacks_for(FallbackKind::content_policy) != nullptr;
    }

    int retries() const { return retries_; }  ///< in the group where the call is
    int max_retries() const { return max_retries_; }
    int fallbacks() const { return fallbacks_; }
    int attempts() const { return attempts_; }
    Error take_error() { return std::move(*error_); }

  private:
    struct Frame {
        const std::vector<std::string>* list;
        std::size_t next;
    };

    /// An attempt, under way or the last one.
    struct Running {
        std::size_t place = 0;
        const Deployment* version = nullptr;
        const Operation* operation = nullptr;
        bool under_way = false;
        bool probe = false;
        bool waits = false;       ///< for its first token
        std::int64_t tokens = 0;  ///< that it counts for in the lane's load; 0 = nobody asks
        HeldTokens held{};        ///< of the lane's minute
        std::chrono::steady_clock::time_point started{};
    };

    std::optional<Error> enter(ModelRoute route);
    std::optional<Error> filter();
    std::optional<Error> keep_to_tags();
    std::optional<Error> keep_to_windows();
    std::optional<Error> keep_to_schema();
    void prefer_those_that_see();
    void explain_without(const LaneSet& left_out, std::string_view why);
    void explain_region();
    enum class Breakers { closed, any_at_worst };
    OpenLanes open(LaneSet from, const Now& now, Breakers breakers, bool probes = true) const;
    bool checks_health(const Now& now) const;
    bool start(OpenLanes& usable, const Now& now);
    bool choose(Running& run, OpenLanes& usable, const Now& now);
    void begin(Running& run, const Now& now);
    LaneSet others(const Now& now) const;
    double hedge_cost(std::size_t place) const;
    double waited(const Running& run, const Now& now) const;
    double usual_first_token() const;
    bool within_budgets(const Running& run);
    std::string over_budgets(bool& unknown) const;
    Step try_group(const Now& now);
    Step try_queued(const Now& now);
    Step shed(Shed why, const Now& now);
    bool may_queue(bool only_slots, std::chrono::nanoseconds patience, const Now& now) const;
    std::chrono::nanoseconds queue_patience() const;
    Gate& queue_of_group() const { return group_->memory->gate; }
    std::uint64_t owner() const;
    Step try_again(const Error& error, const RetryRight& right, const FailureRule& rule,
                   const Now& now);
    Step next_level(const Now& now);
    Step leave_group(const Now& now);
    Step next_fallback(const Now& now);
    Step mock(const Now& now);
    bool may_enter(const ModelRoute& route, std::string_view name) const;
    const std::vector<std::string>* fallbacks_for(FallbackKind kind) const;
    bool company(const Running& run, const Now& now) const;
    void note(Running& run, Cause cause, const Error& error, const Now& now);
    TokenNeed need() const {
        return {static_cast<std::int64_t>(ask_.prompt_tokens), ask_.answer_tokens};
    }
    void count_tokens(const AttemptFacts& facts, const Now& now);
    void close(Running& run);
    void lose_beside(const Now& now);
    void say_first(Running& run, const Now& now);
    void pay_for_hedges(const AttemptFacts& facts, const Now& now);
    Strategy strategy() const { return group_->own.strategy_or(settings_).strategy; }
    const AffinitySettings& affinity() const { return group_->own.affinity_or(settings_); }
    bool learns() const;
    void begin_load(Running& run, const Now& now);
    void learn_answer(const AttemptFacts& facts, const Now& now);
    void learn_failure(const Running& run, Cause cause, const Now& now);
    void learn_silence(const Running& run, const Now& now);
    RetryRight right_after(const Error& error, const FailureRule& rule,
                           const Deployment& deployment) const;
    LaneIndex lane_of(const Running& run) const { return group_->lanes[run.place]; }
    void explain_choice(const Running& run, const LaneSet& usable, std::string_view why,
                        const Now& now);
    const Operation* operation_of(const Deployment& deployment, std::size_t place) const;
    std::chrono::milliseconds shortest_rest(const Now& now) const;
    std::string_view told_group() const {
        return ask_.names_group ? std::string_view(route_.group->name) : std::string_view();
    }

    const Snapshot& world_;
    const RoutingSettings& settings_;
    const RouteAsk ask_;
    const FallbackLists lists_;
    Draw draw_;
    Trace trace_;

    ModelRoute route_;
    const GroupTables* group_ = nullptr;
    LaneSet candidates_;  ///< of the group, whatever its level
    LaneSet lanes_;       ///< of the level
    LaneSet tried_;
    LaneSet again_;  ///< of those tried, which may be asked again
    std::size_t level_ = 0;
    int retries_ = 0;
    int max_retries_ = 0;
    int attempts_ = 0;
    int fallbacks_;

    Running run_;
    Running beside_;  ///< under way only while run_ is
    int hedges_ = 0;
    std::optional<std::chrono::steady_clock::time_point>
        patience_;       ///< a wait for one that rests ends
    Gate::Place place_;  ///< in the group's queue
    bool has_turn_ = false;
    std::chrono::steady_clock::time_point queue_ends_{};
    std::chrono::nanoseconds queued_{0};
    bool waits_to_retry_ = false;
    FallbackKind kind_ = FallbackKind::general;  ///< what the group's last failure leads to

    std::optional<Error> error_;  ///< of the first group, for the client
    boost::container::small_vector<std::string_view, 4> visited_;  ///< ModelRoute::called()
    boost::container::small_vector<Frame, 4> frames_;
};

}  // namespace patchbay
