// An endpoint of an API that clients speak.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/ask.hpp"
#include "engine/surface/caller.hpp"
#include "engine/surface/framing.hpp"
#include "engine/surface/operation.hpp"

namespace patchbay {

/// The parts of a request that a surface reads.
struct AskParts {
    std::string_view body;
    std::string_view query;       ///< without '?'
    std::string_view path_model;  ///< where the path names the model; else empty
    const Caller& caller;
    std::string_view key{};            ///< that the caller presented; a secret
    ClientResponses kept{};            ///< of an operation whose answers are named again
    std::string_view path_resource{};  ///< what else the path names, decoded; else empty
};

/// Takes one event of a stream. Both views are valid during the call.
using EmitEvent = std::function<void(std::string_view name, std::string_view json)>;

/// Turns an answer in the hub's shape into the surface's own; one for each attempt.
class Translator {
  public:
    virtual ~Translator() = default;
    virtual std::string whole(std::string_view json) = 0;
    /// An Error (upstream) ends the stream.
    virtual Result<void> event(std::string_view json, const EmitEvent& emit) = 0;
    /// The stream came to a good end.
    virtual void end(const EmitEvent& emit) = 0;
    /// The stream failed. False: the surface's own word for an error tells it best.
    virtual bool fail(const Error&, const EmitEvent&) { return false; }
};

/// A request in the hub's shape, and what is needed on the way back. Lives as long as its call.
class Translation {
  public:
    virtual ~Translation() = default;
    virtual std::unique_ptr<Translator> translator() const = 0;

    std::string json;  ///< the request
    /// What the hub cannot say and was left out or said less exactly, for the client to know.
    std::vector<std::string> dropped;
};

/// Stateless; one const object each.
struct Surface {
    std::string_view route;  ///< as LiteLLM writes it, "/chat/completions"; for metrics and records
    /// Asked of a provider that speaks this API: bytes go through as they came.
    const Operation* operation = nullptr;
    /// Asked of all others; nullptr: there is no translation, and only those that speak the API can
    /// be asked.
    const Operation* hub = nullptr;
    Framing framing = Framing::none;
    const RequestForm* form = nullptr;  ///< of the body; nullptr: it has none
    /// Reads a request into an empty Ask. The error (400) is for the client.
    std::optional<Error> (*read)(const AskParts& parts, Ask& ask) = nullptr;
    /// Set if `hub` is. With `drop_params` what the hub cannot say is left out, else refused (400).
    Result<std::unique_ptr<Translation>> (*translate)(const Ask& ask, bool drop_params) = nullptr;
    /// A failure as JSON text in this API's words; `request_id` is the call's id.
    std::string (*error)(const Error& error, std::string_view request_id) = nullptr;
    /// The same as the last event of a stream, behind `number` others; nullptr: as above.
    std::string (*stream_error)(const Error& error, std::uint64_t number) = nullptr;
    /// The status that goes with it.
    int (*status)(const Error& error) = nullptr;
    /// The name of that event; nullptr: "error".
    std::string_view (*stream_error_name)(const Error& error) = nullptr;
    /// AWS's name of the failure, for x-amzn-errortype; nullptr: the API is none of AWS's.
    std::string_view (*aws_error_type)(const Error& error) = nullptr;
    /// The surface that a body asks for, where one path is for several forms; nullptr: this one.
    const Surface& (*of_body)(std::string_view body) = nullptr;
    /// An event of this API that says nothing, for streams that are kept alive, as it is sent; empty: it has none, and a
    /// comment is sent.
    std::string_view ping{};
    std::string_view call_type{};  ///< LiteLLM's, where it is not that of the operation
    /// The same asked with "?alt=sse", Google's wish for server-sent events; nullptr: no such wish.
    const Surface* with_sse = nullptr;
    bool key_in_query = false;  ///< the key may stand in "?key=" (Google)
};

extern const Surface kChatSurface;
extern const Surface kRealtimeSurface;
extern const Surface kEmbeddingsSurface;
extern const Surface kSpeechSurface;
extern const Surface kMessagesSurface;
extern const Surface kCountTokensSurface;
extern const Surface kGenerateSurface;
extern const Surface kStreamGenerateSurface;
extern const Surface kCountGenerateSurface;
extern const Surface kConverseSurface;
extern const Surface kConverseStreamSurface;
extern const Surface kInvokeSurface;
extern const Surface kInvokeStreamSurface;
extern const Surface kCompletionsSurface;
extern const Surface kModerationsSurface;
extern const Surface kImagesSurface;
extern const Surface kRerankSurface;
extern const Surface kResponsesSurface;
extern const Surface kGetResponseSurface;
extern const Surface kDeleteResponseSurface;
extern const Surface kCancelResponseSurface;
extern const Surface kResponseInputSurface;

/// What every surface whose request is a JSON body does: scans it, takes the gateway's own
/// parameters out of body and headers, finds the model's name.
std::optional<Error> read_json(const AskParts& parts, const RequestForm& form, Ask& ask);

/// Puts another text in the place of a body that was read. The error (400) is for the client.
std::optional<Error> replace_body(Ask& ask, const RequestForm& form, std::string body);

}  // namespace patchbay
