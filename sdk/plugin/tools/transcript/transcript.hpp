// A transcript file: one recorded exchange and what the plugin must do in it. Format:
// docs/transcripts.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "patchbay/exchange.h"

namespace patchbay::transcript {

/// A fault of the file itself; what() is "FILE:LINE: text".
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The kinds of plugin that can be played.
enum class Kind { provider, guardrail, logger };

using Headers = std::vector<std::pair<std::string, std::string>>;

/// "== expect KIND WORDS...": what the machine must do next.
struct Expectation {
    std::size_t line = 0;
    std::string kind;
    std::vector<std::string> words;
    std::string text;  ///< without its last newline; of an http call its header lines
    /// How the body of an http call is compared.
    enum class As { nothing, json, bytes, form } as = As::nothing;
    std::string body;  ///< if it is a form, as add_part() makes it
};

/// "== upstream": the answer to the oldest call that has none.
struct Upstream {
    std::size_t line = 0;
    std::int32_t status = 0;  ///< 0 = no response was had
    Headers headers;          ///< names in lower case
    std::string body;
    std::uint32_t failure = 0;  ///< BAY_FAIL_* at the end
    std::string for_text;       ///< of a stream's: answers the calls whose body has this in it
};

/// "== shared KEY": the answer to the oldest shared_get(); "*" answers any key.
struct Shared {
    std::size_t line = 0;
    std::string key;
    std::uint32_t ttl_ms = 3'600'000;
    std::string value;                 ///< or the text of the failure
    std::uint32_t cls = 0;             ///< BAY_ERR_* of a refresh that failed; 0 = there is a value
    std::uint32_t retry_after_ms = 0;  ///< of the failure
};

/// "== inspect STAGE": a question to a guardrail.
struct Inspect {
    std::size_t line = 0;
    std::uint32_t stage = 0;  ///< BAY_STAGE_*
    bool last = false;
    bool answer = false;       ///< `json` is an answer, not a request
    std::uint64_t window = 0;  ///< of a stream; 0 = the one after the last
    std::string operation = "chat.completions";
    std::string params = "{}";
    std::string metadata = "{}";
    std::string json;  ///< the document; for BAY_STAGE_STREAM a list of texts
};

/// "== stream-text": a streamed answer on its way past a guardrail, asked about in windows.
struct StreamText {
    struct Channel {
        std::string path;  ///< "/choices/0/delta/content"
        std::string text;
    };
    std::size_t line = 0;
    std::string params = "{}";
    std::string metadata = "{}";
    std::vector<Channel> channels;
    /// How the calls of all windows are answered: by the first that fits.
    std::vector<Upstream> answers;
};

/// "== cancel REASON".
struct Cancel {
    std::size_t line = 0;
    std::uint32_t reason = 0;  ///< as bay_ev_cancel
};

/// "== ws-frame" and the like: something comes from a WebSocket.
struct SocketEvent {
    std::size_t line = 0;
    std::uint32_t type = 0;  ///< BAY_EV_WS_*, BAY_EV_CLIENT_*
    std::uint32_t call = 0;  ///< of the socket; 0 = the client's, or the oldest of the machine's
    std::uint32_t opcode = BAY_WS_TEXT;
    std::optional<std::uint32_t> code;  ///< of a close
    std::uint32_t failure = 0;          ///< BAY_FAIL_*
    std::string data;                   ///< as bay_ev_ws has it
};

using Step = std::variant<Expectation, Upstream, Shared, Inspect, StreamText, Cancel, SocketEvent>;

/// One line of "== batch".
struct BatchRecord {
    std::string id;
    std::string json;
    std::int64_t unix_ms = 0;
    bool failed = false;
};

struct Target {
    bool given = false;  ///< the file has the section
    std::string model;
    std::string base_url;
    std::string api_key;
    std::string params = "{}";
};

struct Transcript {
    std::string file;
    std::string component;  ///< empty = the first of the plugin file that `kind` allows
    std::optional<Kind> kind = Kind::provider;  ///< by its sections; nullopt: a refresh, any
    std::string config = "{}";
    Target target;
    bool refresh = false;  ///< starts with REFRESH of `refresh_key` instead of a request
    std::string refresh_key;
    std::string request;      ///< the client's body, or the old value of a refresh
    bool form = false;        ///< the body is made of parts, by add_part()
    Headers headers;          ///< of the client, that go with the request
    Headers ids;              ///< that the client's URL names
    Headers query;            ///< of the client's URL
    std::uint32_t flags = 0;  ///< BAY_REQ_*
    std::uint32_t attempt = 1;
    std::string operation = "chat.completions";
    std::string allowed;
    std::vector<BatchRecord> batch;
    std::vector<Step> steps;
};

/// Reads and checks a file. Throws FileError.
Transcript read_transcript(const std::string& file);
/// The same for text already in memory; `file` is for messages.
Transcript parse_transcript(const std::string& text, const std::string& file);

}  // namespace patchbay::transcript
