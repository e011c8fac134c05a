// Where a machine's results go while they are recorded.
#pragma once

#include <span>
#include <string_view>

#include "contract/http/header.hpp"
#include "contract/shape/answer_facts.hpp"
#include "contract/shape/usage.hpp"

namespace patchbay {

/// Takes the results of one exchange in the shape of its operation. The functions only collect and
/// never fail; views are valid during the call. Called in the order of the plugin's actions, on
/// the thread that feeds the machine.
class Results {
  public:
    virtual ~Results() = default;

    /// The whole answer, as JSON, and what was found in it; at most once, and not after chunk().
    virtual void result(std::string_view json, const AnswerFacts& facts) = 0;
    /// One event of a streamed answer, as JSON, and what was found in it. `event` is its name, in
    /// APIs whose events have names.
    virtual void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) = 0;
    /// A document in the place of an answer or an event: the provider's error, which the plugin
    /// judges. Here only for what it says of usage.
    virtual void unanswered(std::string_view /*json*/, const AnswerFacts& /*facts*/) {}
    /// True if the operation's answer is bytes (speech, files): bytes() in place of the above.
    virtual bool takes_bytes() const { return false; }
    /// A piece of such an answer. The content type is that of the whole and comes with the first
    /// piece only; it is fit for a header.
    virtual void bytes(std::string_view /*content_type*/, std::string_view /*piece*/) {}
    /// The head of a response to the main upstream call (BAY_HTTP_MAIN), whatever its status;
    /// before anything that comes of its body. Names in lower case.
    virtual void upstream_head(int /*status*/, std::span<const http::Header> /*headers*/) {}
    /// The answer's own status (200 to 299) and headers, fit for a head; at most once, before
    /// anything else of the answer.
    virtual void head(int /*status*/, std::span<const http::Header> /*headers*/) {}
    /// What of the request the plugin did not send, as a JSON list of names (bay::kDroppedNote).
    virtual void dropped(std::string_view /*json*/) {}
    /// Usage a plugin reported; the last one wins over what was read from results.
    virtual void usage(const Usage& usage) = 0;
};

}  // namespace patchbay
