// Where the results of an exchange go: the surface that the client speaks.
#pragma once

#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "engine/http/header.hpp"
#include "engine/surface/answer_scan.hpp"
#include "engine/surface/usage.hpp"

namespace patchbay {

/// Takes results in the hub's shape (OpenAI chat). The functions other than flush() only collect
/// and never fail; views are valid during the call. Called on the loop's thread, in the order of
/// the plugin's actions.
class Sink {
  public:
    virtual ~Sink() = default;

    /// The whole answer, as JSON, and what its top level holds; at most once, and not after
    /// chunk().
    virtual void result(std::string_view json, const AnswerScan& scan) = 0;
    /// One event of a streamed answer, as JSON, and what its top level holds.
    virtual void chunk(std::string_view json, const AnswerScan& scan) = 0;
    /// A document in the place of an answer or an event: the provider's error, which the plugin
    /// judges. Here only for what it says of usage.
    virtual void unanswered(std::string_view /*json*/, const AnswerScan& /*scan*/) {}
    /// True if the operation's answer is bytes (speech, files): bytes() in place of the above.
    virtual bool takes_bytes() const { return false; }
    /// A piece of such an answer. The content type is that of the whole and comes with the first
    /// piece only; it is fit for a header.
    virtual void bytes(std::string_view /*content_type*/, std::string_view /*piece*/) {}
    /// The head of a response to the main upstream call (BAY_HTTP_MAIN), whatever its status;
    /// before anything that comes of its body. Names in lower case.
    virtual void upstream_head(int /*status*/, std::span<const http::Header> /*headers*/) {}
    /// Usage a plugin reported; the last one wins over what the sink read from results itself.
    virtual void usage(const Usage& usage) = 0;

    /// Sends what was collected to the client and returns when it is out, so a slow reader holds
    /// back the exchange and with it the upstream. False: the client is gone.
    virtual boost::asio::awaitable<bool> flush() = 0;
    /// True if flush() would send something.
    virtual bool dirty() const = 0;
};

}  // namespace patchbay
