// What a machine did.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "transcript.hpp"

namespace patchbay::transcript {

/// One action. `kind` is the name of the bay_out function, but "accept" for a want() of the client's
/// frames; besides there are "upstream", "shared", "inspect", "stream-text", "cancel" and those of
/// events of WebSockets (that section of the transcript was used up here),
/// "forwarded" (the client got this of a body that is passed through), "released" (what a stream
/// came to), "fault" (the machine ended itself) and "refused" (an action
/// that was not allowed here).
struct Action {
    std::string kind{};
    std::uint32_t number = 0;    ///< call, timer, status of a head; forwarded: 1 if it is bytes;
                                 ///< released: 1 if the stream was ended early
    std::uint32_t after_ms = 0;  ///< timer; ttl of shared_put
    std::string key{};   ///< shared key, event name of a chunk, content type of a body, decision of
                         ///< a verdict, key of a note, path of what was released,
                         ///< "client" or "upstream" of what goes to a socket
    std::string text{};  ///< JSON or bytes
    boost::json::object fields{};  ///< usage, fail, verdict
    std::string method{}, url{};
    std::uint32_t decode = 0;
    std::uint32_t flags = 0;  ///< of a call; opcode of a ws_send, code of a ws_close
    Headers headers{};

    friend bool operator==(const Action&, const Action&) = default;
};

/// One line about an action, for messages.
std::string describe(const Action& action);

/// Name of a BAY_ERR_* as transcripts spell it: "rate_limit".
std::string error_class(std::uint32_t cls);

/// Name of a BAY_DECODE_* as transcripts spell it: "sse"; nullptr if it is unknown.
const char* decode_name(std::uint32_t decode);

/// Actions that need no expectation, ever.
bool is_remark(const Action& action);

/// Actions of this kind need an expectation only in files that have one of the kind.
bool is_optional(std::string_view kind);

/// Equal, as far as plays of one transcript with other cuts must be: a stream that was blocked may
/// have released more of the same text before it met what blocks it.
bool alike(const Action& a, const Action& b);

}  // namespace patchbay::transcript
