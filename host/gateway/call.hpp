// One client request on its way: what has been learned of it so far.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/guard/call_guard.hpp"
#include "engine/snapshot.hpp"
#include "gateway/call_log.hpp"
#include "gateway/connection.hpp"
#include "gateway/response_head.hpp"
#include "gateway/upstream_headers.hpp"
#include "gateway/usage_account.hpp"
#include "gateway/world.hpp"

namespace patchbay::gateway {

/// Lives in the handler's coroutine.
struct Call {
    using Clock = std::chrono::steady_clock;

    World& world;
    Connection& connection;
    Request& request;
    std::string_view route;                      ///< "/chat/completions"
    std::string_view call_type = "acompletion";  ///< LiteLLM's, for log records
    std::shared_ptr<const Snapshot> snapshot;
    std::string id;  ///< x-litellm-call-id
    Clock::time_point started = Clock::now();

    std::string_view group;
    const Deployment* deployment = nullptr;  ///< of the attempt under way, or the last one
    int retries = 0;
    bool stopped_by_guardrail = false;
    std::unique_ptr<guard::CallGuard> guard;  ///< nullptr if no guardrail looks at the request
    std::string applied_guardrails;           ///< their names
    std::unique_ptr<CallLog> log;             ///< nullptr if no log sink wants the call
    std::string_view allow;                   ///< for a 405
    UpstreamHeaders upstream_headers;         ///< of the attempt under way, or the last one
    Clock::time_point upstream_started{};
    Clock::time_point first_token{};
    Clock::time_point upstream_ended{};

    UsageAccount usage;

    /// What the log's line about the request says besides.
    struct Logged {
        int status = 0;         ///< of the answer that is on its way
        bool complete = false;  ///< all of it was taken by the client
        std::string model;      ///< as asked for
        std::string upstream;   ///< if it is not the deployment's `configured`
        std::string key;        ///< the beginning of a hash
        std::string reason;     ///< of an error
    } logged;

    Call(World& w, Connection& c, Request& r, std::string_view route_name);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// A head with everything LiteLLM's clients may read of the call: x-litellm-*, llm_provider-*.
    /// x-request-id, which OpenAI's SDKs show as the id of the request, is the call's id.
    ResponseHead head(int status) const;
    /// A head for an answer that is about no model.
    ResponseHead page_head(int status, std::string_view content_type) const;
    /// The same as head(), for an answer that is not written by ResponseHead.
    std::vector<std::pair<std::string, std::string>> headers() const;
    /// Counts the call with what it has used. `exception` is empty for success.
    void record(int status, std::string_view exception);
    /// Counts and logs a call to a model that was left before it was answered: the client hung up.
    /// Nothing if it has ended already.
    void leave();

  private:
    template <class Add>
    void describe(Add add) const;
    bool recorded_ = false;
};

/// Settles a call that is left in the middle. Stands in the handler's coroutine behind what the
/// call's log and account view into: when a Call itself ends, the request that was read is gone.
class LeaveWhenLeft {
  public:
    explicit LeaveWhenLeft(Call& call) : call_(call) {}
    ~LeaveWhenLeft() { call_.leave(); }
    LeaveWhenLeft(const LeaveWhenLeft&) = delete;
    LeaveWhenLeft& operator=(const LeaveWhenLeft&) = delete;

  private:
    Call& call_;
};

/// Sends an answer of known length, without its body if the request was HEAD.
boost::asio::awaitable<void> send_answer(Call& call, ResponseHead head, std::string_view body);

/// Answers with an OpenAI error object and counts the call.
boost::asio::awaitable<void> send_error(Call& call, const Error& error);

}  // namespace patchbay::gateway
