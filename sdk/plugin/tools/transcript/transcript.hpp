// A transcript file: one recorded exchange and what the plugin must do in it. Format:
// docs/transcripts.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace patchbay::transcript {

/// A fault of the file itself; what() is "FILE:LINE: text".
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// "== expect KIND WORDS...": what the machine must do next.
struct Expectation {
    std::size_t line = 0;
    std::string kind;
    std::vector<std::string> words;
    std::string text;  ///< without its last newline
};

/// "== upstream": the answer to the oldest call that has none.
struct Upstream {
    std::size_t line = 0;
    std::int32_t status = 0;  ///< 0 = no response was had
    Headers headers;          ///< names in lower case
    std::string body;
    std::uint32_t failure = 0;  ///< BAY_FAIL_* at the end
};

/// "== shared KEY": the answer to the oldest shared_get().
struct Shared {
    std::size_t line = 0;
    std::string key;
    std::uint32_t ttl_ms = 3'600'000;
    std::string value;
};

using Step = std::variant<Expectation, Upstream, Shared>;

struct Target {
    std::string model;
    std::string base_url;
    std::string api_key;
    std::string params = "{}";
};

struct Transcript {
    std::string file;
    std::string component;  ///< empty = the first of the plugin file
    std::string config = "{}";
    Target target;
    bool refresh = false;  ///< starts with REFRESH of `refresh_key` instead of a request
    std::string refresh_key;
    std::string request;      ///< the client's body, or the old value of a refresh
    std::uint32_t flags = 0;  ///< BAY_REQ_*
    std::uint32_t attempt = 1;
    std::string operation = "chat.completions";
    std::string allowed;
    std::vector<Step> steps;
};

/// Reads and checks a file. Throws FileError.
Transcript read_transcript(const std::string& file);
/// The same for text already in memory; `file` is for messages.
Transcript parse_transcript(const std::string& text, const std::string& file);

}  // namespace patchbay::transcript
