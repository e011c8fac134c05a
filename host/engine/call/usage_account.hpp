// What a call has used, attempt by attempt: the one place that says how many tokens it cost.
//
// What a provider tells is paid for, whatever becomes of the call: an attempt that failed after its
// usage was known, an answer that a guardrail withholds, a stream whose client hangs up. Counts
// come late and in pieces, so there are rules, and they stand here:
//
// - what a plugin reports goes before what is read from the answer;
// - counts only grow within an attempt: of several reports each count's greatest is taken, so a
//   report in parts (the prompt first, the rest later) and one that repeats itself are both right;
// - a count beyond kMaxTokens is no count, and taken as not told; a report of zeros tells nothing;
// - a stream that did not come to its end is worth what was told last and an estimate of the text
//   that came after it; a stream that told nothing is estimated wholly, its prompt too, as LiteLLM
//   does. Attempt::estimated says so.
// - what a provider says that the attempt costs, where its row has `told_cost`, is what it costs;
// - attempts add up.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "contract/shape/shape.hpp"
#include "contract/shape/usage.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// Belongs to one call. No allocation as long as there is one attempt.
class UsageAccount {
  public:
    static constexpr std::uint64_t kMaxTokens = 1'000'000'000'000;
    static constexpr int kOk = 200;
    static constexpr int kClientClosedRequest = 499;  ///< nginx's name and number for it

    using Clock = std::chrono::steady_clock;

    struct Attempt {
        const Deployment* deployment = nullptr;
        std::string_view exception;  ///< LiteLLM's class of the failure; empty = none
        int status = 0;              ///< of HTTP, as LedgerEntry has it; 0 while it is under way
        Clock::time_point started{};
        Clock::time_point ended{};  ///< the epoch while it is under way
        Usage usage;
        bool estimated = false;
        bool cached = false;  ///< answered by the response cache: told, but not owed
        bool lost = false;  ///< another attempt answered first: it has its cost, which no key owes
        ServiceTier asked =
            ServiceTier::untold;  ///< by the client; its price holds if none is told
        /// Where the deployment's price is not known before a call: the model that it asks for, and
        /// the one that the answer names. Else empty.
        std::string called;
        std::string answered;
        /// Of a group or a deployment that stands for many models (`openai/*`): the name that was asked for, and the
        /// model, with its provider, that the provider was. Else empty.
        std::string asked_as;
        std::string model;
        /// What the provider says that it costs, the last time that it did, if its word counts.
        std::optional<meter::Atto> told_cost;
        meter::Cost cost;         ///< after bill()
        std::uint64_t price = 0;  ///< likewise: the card's id; 0 = it has none, or was not asked

        std::string_view group_name() const;  ///< LiteLLM's `model_group`
        std::string_view model_name() const;  ///< and its `model`
    };

    /// Another attempt begins; the one before must have ended. Its answers are of `shape`. `asked` is
    /// the text of what the model is asked (empty if there is none) and must stay until end().
    void begin(const Deployment& deployment, const Shape& shape, std::string_view asked);
    /// Of the attempt that has begun: what its price may depend on. `called` is the model that the
    /// provider is asked for.
    void priced_by(ServiceTier asked, std::string_view called);
    /// The attempt that has begun asks for one of many models: of its group, by this name, and of the provider.
    void one_of_many(std::string_view asked_as, std::string_view called);
    /// The attempt that has begun asks nobody: its answer was kept, and costs nothing.
    void from_cache() { last_.cached = true; }
    /// A plugin's report.
    void report(const Usage& usage);
    /// Takes the usage of a whole answer or of an error, if it holds any.
    void read_whole(std::string_view json, const AnswerFacts& facts);
    /// Takes usage and the size of the text of a stream's event.
    void read_chunk(std::string_view json, const AnswerFacts& facts);
    /// The attempt has ended; `failed` is nullptr for a good end. Nothing if none is under way.
    void end(const Error* failed);
    /// The attempt is left: the client is gone.
    void leave();

    /// The attempt is left: another one, under way in `other`, has answered first and goes on here in
    /// its place; or this one has ended. The other account is empty then.
    void overtaken_by(UsageAccount& other);
    /// The attempt of `other`, which is under way or has ended, is over beside this account's.
    void add_lost(UsageAccount& other);

    /// Says of every attempt what it costs; once all have ended. The sum.
    meter::Cost bill();
    /// What bill() would say if the attempt under way ended well here.
    meter::Cost cost_so_far() const;

    /// All attempts that have begun; the last one may be under way.
    const Attempt& last() const { return last_; }
    const std::vector<Attempt>& earlier() const { return earlier_; }

  private:
    void read(std::string_view json, const AnswerFacts& facts);
    void tell();
    void note(std::string_view json, const AnswerFacts& facts);
    void close(int status);
    void lose();

    Attempt last_;
    std::vector<Attempt> earlier_;
    const Shape* shape_ = nullptr;
    std::string_view asked_;
    std::size_t untold_text_ = 0;  ///< bytes of text that came after the last report
    bool under_way_ = false;
    bool reported_ = false;  ///< by the plugin
    bool told_ = false;      ///< any count is known
};

}  // namespace patchbay
