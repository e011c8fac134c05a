// Drives one plugin state machine: performs what it asks for, feeds it what comes of it.
//
//     feed(REQUEST) -> [http] -> HTTP_HEAD, HTTP_FRAME..., HTTP_DONE -> [chunk...] -> done
//
// The rule that keeps this simple is that feed() only records. So the driver is a loop: take the
// recorded actions, perform them, feed what they bring, until the machine has finished. Every
// action runs in a coroutine of its own, all on one loop, so that a second call or a timer beside a
// stream works as one expects and the machine is never fed twice at once. A machine that has not
// finished and has nothing pending can never wake up: it is ended at once as a fault instead of
// waiting for a timeout.
//
// The sink is flushed after every piece of the upstream's body, before the next is read. That is
// all the back-pressure there is, and all that is needed.
//
// Tested by exchange_test.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/actions/verdict.hpp"
#include "contract/error.hpp"
#include "contract/failed.hpp"
#include "contract/framing/multipart.hpp"
#include "contract/shape/shape.hpp"
#include "engine/exchange/realtime_client.hpp"
#include "engine/exchange/shared_values.hpp"
#include "engine/exchange/sink.hpp"
#include "engine/http/client.hpp"
#include "engine/loop.hpp"
#include "engine/plugins/instance.hpp"

namespace patchbay {

/// What an exchange runs on. The references must outlive every exchange of the loop.
struct ExchangeContext {
    Loop loop;
    http::Client& client;
};

/// An instance with the values its exchanges share.
struct ComponentInstance {
    std::shared_ptr<const Instance> instance;
    std::shared_ptr<SharedValues> shared;
};

/// One attempt at one deployment. All views must live until run() has returned.
struct ExchangeRequest {
    std::string_view operation = "chat.completions";
    const Shape* shape = &kChatShape;  ///< of the answer
    /// Valid JSON in the shape of the operation; if there are parts, what the client sent, of which the event
    /// shows only the parts.
    std::string_view body;
    std::span<const bay_member> members;
    std::span<const http::FormPart> parts;  ///< of a multipart request; blobs 1..
    std::uint64_t model_off = 0;
    std::uint64_t model_len = 0;
    std::uint32_t flags = 0;  ///< BAY_REQ_*
    std::string_view allowed_params;
    std::string_view hint_params;
    std::string_view model;
    std::string_view base_url;
    std::string_view api_key;
    std::string_view params;  ///< JSON object
    std::string_view request_id;
    std::string_view traceparent;
    std::uint32_t attempt = 1;
    http::Timeouts timeouts;
    bool verify_tls = true;
    std::uint64_t max_answer = 0;  ///< bytes of an answer of the provider; 0 = as the host has it
    /// Read when the exchange is left unfinished: a guardrail stopped it. nullptr = none can.
    const bool* stopped_by_guardrail = nullptr;
    std::span<const bay_kv> headers;   ///< of the client, as the plugin may see them
    std::span<const bay_kv> ids;       ///< named in the path: {"file_id", "file-1"}
    std::span<const bay_kv> query;     ///< of the client's URL, decoded
    std::string_view content_type;     ///< of the client's body
    RealtimeClient* client = nullptr;  ///< set for operation "realtime"
};

/// Runs one exchange to its end. No failure: the machine finished and the sink has all of it (flushed
/// if it was streamed). An Error: the attempt failed, for the reason the plugin gave or because it
/// broke the contract; what the sink got before stays there. `notes` gets what the machine noted
/// for the log record, in either case. Throws system_error(operation_aborted)
/// if the awaiting coroutine is cancelled: upstream connections are closed at once, the machine is
/// closed.
///
/// With a client that is a WebSocket no failure says that the session ended as the machine wanted, and
/// the client's socket is closed. After an Error it is as it was: not accepted yet, or open.
boost::asio::awaitable<Failed> run_exchange(ExchangeContext context,
                                            const ComponentInstance& provider,
                                            const ExchangeRequest& request, Sink& sink,
                                            std::vector<Note>* notes = nullptr);

/// What a plugin fault looks like to the client: HTTP 500, retryable elsewhere. The component keeps
/// `what` as its last fault.
Error plugin_fault(const Instance& instance, std::string_view what);

/// The same after a request of so many bytes: HTTP 413 and not retryable, because what a plugin
/// does with a large request is no fault of the plugin (workload.hpp).
Error too_large(const Instance& instance, std::string_view what, std::uint64_t bytes);

/// An answer of `bytes` is more than `max_answer`: HTTP 400 in LiteLLM's words, not retryable.
Error answer_too_large(std::uint64_t bytes, std::uint64_t max_answer);

/// What a call to a component that rests looks like: HTTP 503, for another deployment to take.
Error resting(const Instance& instance);

}  // namespace patchbay
