// What the response cache has to do with one call.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "engine/cache/controls.hpp"
#include "engine/cache/response_cache.hpp"
#include "engine/call/near_question.hpp"
#include "engine/exchange/forwarding_sink.hpp"
#include "engine/router/router.hpp"

namespace patchbay {

class Call;
struct AskParts;

/// Part of the call, of which it looks up the answer and keeps the one that a provider gave. Exists
/// only where the cache is for the call.
class CallCache {
  public:
    /// Sets Call::cache if the cache is for the call: it is configured, for such calls, and nothing in
    /// the request speaks against it (docs/caching.md). Once the group is found and guardrails have
    /// seen the request. An Error (400) if what the client says of the cache cannot be read.
    static std::optional<Error> begin(Call& call, const ModelRoute& route, const AskParts& parts);

    /// The answer that was kept, or that an identical call under way brings; nullptr: a provider must
    /// be asked, and the answer is kept if it can be. Once.
    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> find(Call& call,
                                                                   const ModelRoute& route);

    /// Is the answer written down?
    bool records() const { return !controls_.no_store; }
    /// Forgets it: another attempt begins.
    void restart();
    void result(std::string_view json);
    void chunk(std::string_view event, std::string_view json);
    /// The call has ended and is settled. If it ended `well` the answer is kept, unless it should not
    /// be (engine/cache/keepable.hpp), and those who wait for it get it; else they are told.
    void end(const Call& call, bool well);

    /// The key as clients are told it: "shop:0a1b...", or without a namespace. On a hit, of the answer.
    const std::string& name() const { return name_; }
    CacheUse use() const { return use_; }
    /// "hit; age=12", "coalesced", "miss", "bypass": for x-patchbay-cache.
    const std::string& told() const { return told_; }
    std::int64_t saved() const { return saved_; }  ///< nano-dollars, on a hit
    /// How near the question was whose answer is told; nullopt: the same was asked, or it is no hit.
    std::optional<float> similarity() const { return similarity_; }

  private:
    CallCache(ResponseCache& cache, CacheControls controls, std::chrono::milliseconds ttl,
              const CacheKey& key)
        : cache_(cache), controls_(std::move(controls)), ttl_(ttl), asked_(cache.ask(key)) {}
    static bool fits(const Call& call, const ModelRoute& route, const CacheEntry& entry);
    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> look(const Call& call,
                                                                   const ModelRoute& route,
                                                                   CacheKey key) const;
    using Beside = std::vector<std::pair<std::string_view, std::string_view>>;
    void open_near(const SemanticSettings& settings, std::string_view document, CacheKeyParts of,
                   Beside also);
    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> look_near(Call& call,
                                                                        const ModelRoute& route);
    std::shared_ptr<const CacheEntry> keep(const Call& call);
    void found(const CacheEntry& entry, bool coalesced);

    ResponseCache& cache_;
    const CacheControls controls_;
    const std::chrono::milliseconds ttl_;
    const CacheAsk asked_;
    std::string name_;
    std::unique_ptr<Flights::Lead> lead_;
    CacheUse use_ = CacheUse::none;
    std::string told_ = "bypass";
    std::int64_t saved_ = 0;
    std::optional<NearQuestion> near_;  ///< nullopt: only what is the same is looked for
    std::optional<float> similarity_;
    CacheEntry made_;  ///< what is written down
    bool too_large_ = false;
};

/// Writes down what an exchange brings, for one attempt, before guardrails may change it. The
/// references must outlive it.
class RecordingSink final : public ForwardingSink {
  public:
    RecordingSink(CallCache& cache, Sink& next) : ForwardingSink(next), cache_(cache) {
        cache_.restart();
    }

    void result(std::string_view json, const AnswerFacts& facts) override {
        cache_.result(json);
        ForwardingSink::result(json, facts);
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override {
        cache_.chunk(event, json);
        ForwardingSink::chunk(event, json, facts);
    }

  private:
    CallCache& cache_;
};

}  // namespace patchbay
