// One client request on its way through the server.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "contract/error.hpp"
#include "engine/call/call.hpp"
#include "gateway/connection.hpp"
#include "gateway/response_head.hpp"
#include "gateway/server_context.hpp"

namespace patchbay::gateway {

/// A request and what the client is told of it, whether it is for a page or a call to a model.
/// Lives in the handler's coroutine.
class Served {
  public:
    using Clock = std::chrono::steady_clock;

    Served(ServerContext& server, Connection& connection, Request& request, std::string_view route);
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    ServerContext& server;
    Connection& connection;
    Request& request;
    const std::string_view route;              ///< "/chat/completions"
    std::shared_ptr<const Snapshot> snapshot;  ///< the one it began in
    const Clock::time_point started = Clock::now();
    std::string id;          ///< x-litellm-call-id
    std::string_view allow;  ///< for a 405

    /// Begins a call to a model; once. It knows of the request what caller() tells.
    Call& begin_call(const Surface& surface);
    /// nullptr: this is no call. Of a request for several models the one that has answered.
    const Call* call() const {
        if (!call_) return nullptr;
        return call_->answered_by ? call_->answered_by : &*call_;
    }
    const Caller& caller() const { return caller_; }

    /// What the log's line about the request says besides.
    struct Logged {
        int status = 0;         ///< of the answer that is on its way
        bool complete = false;  ///< all of it was taken by the client
        std::string key;        ///< the beginning of a hash
        std::string reason;     ///< of an error
    } logged;

    /// A head with everything LiteLLM's clients may read of the request: x-litellm-*,
    /// llm_provider-*. x-request-id, which OpenAI's SDKs show as the id of the request, is the
    /// call's id; request-id, which Anthropic's show, is the provider's, or else the call's.
    ResponseHead head(int status) const;
    /// A head for an answer that is about no model.
    ResponseHead page_head(int status, std::string_view content_type) const;
    /// The same as head(), for an answer that is not written by ResponseHead.
    std::vector<std::pair<std::string, std::string>> headers() const;

  private:
    template <class Add>
    void describe(Add add) const;
    template <class Add>
    void describe_call(Add add) const;

    boost::container::small_vector<http::Header, 32> caller_headers_;
    Caller caller_;
    std::optional<Call> call_;
};

/// Adds what AWS's SDKs want to read of every answer of such an API (the id of the request).
void add_aws_headers(ResponseHead& head, const Surface& surface, std::string_view id);

/// Sends an answer of known length, without its body if the request was HEAD.
boost::asio::awaitable<void> send_answer(Served& served, ResponseHead head, std::string_view body);

/// An error in the words of the surface's API, with the status that this API has for it; nullptr:
/// OpenAI's.
ErrorAnswer error_answer(const Served& served, const Error& error, const Surface* surface);

/// Answers with error_answer().
boost::asio::awaitable<void> send_error(Served& served, const Error& error,
                                        const Surface* surface = nullptr);

/// Answers with an OpenAI error object and counts the request, which became no call.
boost::asio::awaitable<void> refuse(Served& served, const Error& error);

}  // namespace patchbay::gateway
