// One call on its way: what has been learned of it so far.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/access/grant.hpp"
#include "engine/access/principal.hpp"
#include "engine/call/call_log.hpp"
#include "engine/call/capacity_grant.hpp"
#include "engine/call/engine.hpp"
#include "engine/call/parties.hpp"
#include "engine/call/route_grant.hpp"
#include "engine/call/upstream_headers.hpp"
#include "engine/call/usage_account.hpp"
#include "engine/guard/call_guard.hpp"
#include "engine/surface/surface.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

class CallCache;
struct CheckTarget;

/// Knows no socket and no HTTP request. Lives in the coroutine that runs it, on the engine's loop.
/// If it ends before it was settled, it was left: the client hung up, and so it is counted.
class Call {
  public:
    using Clock = UsageAccount::Clock;

    /// `caller` and what it views outlive the call. `id` is that of call_id(); `began` is when the client asked.
    Call(Engine& engine, const Surface& surface, const Caller& caller, std::string id,
         Clock::time_point began = Clock::now());
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    Engine& engine;
    const Surface& surface;
    const Caller& caller;
    const std::shared_ptr<const Snapshot> world;  ///< the one it began in
    const std::string id;                         ///< x-litellm-call-id
    const Clock::time_point started;

    /// Of a call for several models (several_models.hpp): a call for each, of which this one is none.
    std::vector<std::unique_ptr<Call>> parts;
    const Call* answered_by =
        nullptr;  ///< of them, whose answer the client gets; null: all or none
    const CheckTarget* check = nullptr;  ///< whom a health check asks; null: it is none
    /// The gateway asks for itself, within another call: admitted with that one, whose guardrails have seen its texts.
    bool within = false;

    std::shared_ptr<const access::Principal> principal;  ///< whose virtual key it has; null: none
    bool granted_by_team = false;  ///< its model stands behind an alias that the key's team gave it
    bool only_free = false;  ///< it was let in though a budget is used up, as it costs nothing
    Parties parties;         ///< on whose behalf it is made, too
    RouteGrant route_grant;  ///< and of its deployments' budgets
    access::Grant grant;     ///< what it took of all their limits
    CapacityGrant capacity;  ///< and of its model's capacity

    Ask ask;                                   ///< as the client asks
    std::unique_ptr<Translation> translation;  ///< for providers that do not speak the client's API
    std::unique_ptr<Ask> hub;                  ///< that, read
    std::unique_ptr<Translator> translator;    ///< of the attempt under way, or the last one
    std::string_view group;                    ///< the model group; empty before it is found
    const Operation* operation = nullptr;      ///< of the attempt under way, or the last one
    const Deployment* deployment = nullptr;    ///< likewise
    int attempts = 0;                          ///< the number of that attempt; 0 = none was made
    int retries = 0;                           ///< of them, retries in its group
    int max_retries = 0;  ///< how many there could have been, once there was a failure
    int fallbacks = 0;    ///< groups that stood in
    std::chrono::nanoseconds queued{0};  ///< it has waited for a deployment that was busy
    std::string explained;  ///< what routing thought, if the client asks (x-patchbay-explain)
    bool stopped_by_guardrail = false;
    bool request_changed = false;             ///< by a guardrail, before anything was asked
    std::unique_ptr<CallCache> cache;         ///< nullptr if the response cache is not for the call
    std::unique_ptr<guard::CallGuard> guard;  ///< nullptr if no guardrail looks at the call
    std::string applied_guardrails;           ///< their names
    std::unique_ptr<CallLog> log;             ///< nullptr if no log sink wants the call
    UpstreamHeaders upstream_headers;         ///< of the attempt under way, or the last one
    std::string upstream_model;  ///< likewise what it asks for, if that is not what is configured
    Clock::time_point first_token{};
    UsageAccount usage;
    meter::Cost bill;                ///< of all attempts, once it is settled
    meter::Amount asked_within = 0;  ///< nano-dollars: what calls within this one have cost
    /// Names of what the provider's plugin did not send, in the attempt under way or the last one.
    std::vector<std::string> left_out;

    bool settled = false;           ///< settle.hpp
    Clock::duration took{};         ///< until it was settled
    std::string_view left_because;  ///< why it was left; empty: its client hung up

    /// Are there books, or limits, for which it matters on whose behalf it is made? A health check is nobody's.
    bool counted() const { return !check && (engine.ledger || engine.parties); }
    /// Does the attempt under way, or the last one, go to a provider of another API? Then there is a
    /// translation.
    bool translated() const { return operation && operation != surface.operation; }
    /// The time that the attempt under way, or the last one, waited for its provider; 0 before.
    Clock::duration upstream_time() const;
    /// What of the request was left out or said less exactly, by the translation to the provider's
    /// API and by its plugin, for the client to know: "tools.defer_loading, top_k". Empty if nothing
    /// was lost.
    std::string lost() const;
    /// What the provider is asked for, as "openai/gpt-4o"; empty before an attempt.
    std::string_view upstream() const;
};

/// The time that the account's last attempt waited for its provider, or has until now; 0 before.
Call::Clock::duration upstream_time(const UsageAccount& usage);

/// The id that the caller gives its call, if it is fit for headers and logs; else a new one.
std::string call_id(Engine& engine, const Caller& caller);

}  // namespace patchbay
