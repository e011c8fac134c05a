// Multipart requests: the client's parts again, under a boundary of our own.
#pragma once

#include <optional>
#include <string>

#include "dialect.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "request.hpp"

namespace patchbay::openai {

/// The form of one request. Files are named as the host's blobs, so that they pass by the plugin.
class Form {
  public:
    /// `request` must outlive this. Takes the boundary from the host's random numbers, if there are
    /// parts.
    explicit Form(const bay_ev_request& request);

    /// "multipart/form-data; boundary=..."
    std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }

    /// Puts the body into `call`: all parts in their order, "model" with the upstream's, behind all
    /// others if the client sent none. What `rule` (or nullptr) says is unsupported is left out
    /// or refused, as in write_pass_body().
    std::optional<Refusal> write(const Dialect& dialect, const OperationRule* rule,
                                 bay::HttpRequest& call) const;

  private:
    std::string head(const bay_part& part) const;

    const bay_ev_request& request_;
    std::string boundary_;
};

/// True if the part "response_format" asks for a text: "text", "srt" or "vtt".
bool asks_for_text(const bay_ev_request& request);

}  // namespace patchbay::openai
